/// Copies of the hub that survive its disk: snapshots that are proved before they are called good,
/// the continuous copy of what was committed to a second place, and the way back from either.
@NullMarked
package org.hourtap.server.backup;

import org.jspecify.annotations.NullMarked;
