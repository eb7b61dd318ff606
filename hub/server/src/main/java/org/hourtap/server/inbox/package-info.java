/// Taps as they arrive: each may come many times and counts once, whatever order, gap or damage the
/// way from the door has put into them.
@NullMarked
package org.hourtap.server.inbox;

import org.jspecify.annotations.NullMarked;
