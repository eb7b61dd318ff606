/// The books as a function of values: given what is already recorded and the two accounts, what
/// becomes of a transfer. No clock, no thread, no storage; the hub keeps what is decided here.
@NullMarked
package org.hourtap.ledger;

import org.jspecify.annotations.NullMarked;
