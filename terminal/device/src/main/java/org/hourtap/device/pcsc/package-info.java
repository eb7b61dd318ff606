/// Cards at a real reader. The only package that knows `javax.smartcardio`, and it knows nothing
/// else: which library is behind it is for the composition root to say.
@NullMarked
package org.hourtap.device.pcsc;

import org.jspecify.annotations.NullMarked;
