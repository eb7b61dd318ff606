/// A provider for `javax.smartcardio` over pcsc-lite by the foreign function API, with no library
/// but the JDK. The JDK's own provider never recovers from a restart of pcscd, dies after 200 cards
/// pulled in mid-exchange, and lets a `Card` of one member talk to the card of the next; this one
/// does none of that. Two rules do it: every operation opens a PC/SC context of its own and closes
/// it, so there is nothing to go stale; and a `Card` that saw one error is dead for good.
///
/// Callers see `javax.smartcardio` alone: `TerminalFactory.getInstance("PC/SC", null, new
/// PcscLite(System::nanoTime)).terminals()`.
@NullMarked
package org.hourtap.smartcardio;

import org.jspecify.annotations.NullMarked;
