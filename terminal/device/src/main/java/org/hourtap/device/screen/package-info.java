/// What member and staff look at: one value decided from a cue, drawn by a page that a browser on
/// this very machine keeps open. The pages live in a small server of their own, on loopback only;
/// it needs no network, and a browser that hangs or is gone never holds up a tap.
@NullMarked
package org.hourtap.device.screen;

import org.jspecify.annotations.NullMarked;
