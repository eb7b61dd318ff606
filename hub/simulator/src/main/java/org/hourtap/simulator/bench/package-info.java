/// `deploy/bench`: measurements with a stated limit, each beside a bare yardstick taken in the same
/// run, because these machines are noisy and only a ratio travels.
@NullMarked
package org.hourtap.simulator.bench;

import org.jspecify.annotations.NullMarked;
