/// A real pcscd with virtual readers and virtual cards, for tests and demonstrations without
/// hardware. [PcscDaemon][org.hourtap.smartcardio.testing.PcscDaemon] starts Debian's pcscd with
/// the reader driver of vsmartcard (vpcd), and [VpcdCard][org.hourtap.smartcardio.testing.VpcdCard]
/// holds a card to one of its readers. All that is missing of a terminal's real way to a card is
/// the USB cable and the radio field.
@NullMarked
package org.hourtap.smartcardio.testing;

import org.jspecify.annotations.NullMarked;
