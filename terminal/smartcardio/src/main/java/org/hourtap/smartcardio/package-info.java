/// A provider for javax.smartcardio over pcsc-lite by the foreign function API. The JDK's own
/// provider never recovers from a restart of pcscd and dies after 200 pulled cards; this one does
/// neither.
@NullMarked
package org.hourtap.smartcardio;

import org.jspecify.annotations.NullMarked;
