/// Copies and the way back, with real books in real files.
@NullMarked
package org.hourtap.server.backup;

import org.jspecify.annotations.NullMarked;
