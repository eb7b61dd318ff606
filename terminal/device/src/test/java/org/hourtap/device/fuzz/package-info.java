/// Fuzzing of what a terminal reads: its files, its damaged store, its web server's requests and a
/// virtual reader's frames. A package of its own, because the targets are in several.
@NullMarked
package org.hourtap.device.fuzz;

import org.jspecify.annotations.NullMarked;
