/// What the terminal's tests share: people, places and cards with names, and a hub that answers
/// from memory.
@NullMarked
package org.hourtap.device.testing;

import org.jspecify.annotations.NullMarked;
