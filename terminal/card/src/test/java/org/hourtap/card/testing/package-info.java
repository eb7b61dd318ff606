/// A DESFire that exists only in memory, for tests and for the demonstration program. It shares no
/// code with the terminal's side, down to the AES (BouncyCastle here, the JDK there): a mistake
/// made once would otherwise agree with itself.
@NullMarked
package org.hourtap.card.testing;

import org.jspecify.annotations.NullMarked;
