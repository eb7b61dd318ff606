/// Whole deployments on one machine, above both edges: as processes (`demo`, `bench`, `crash`) and
/// on one thread from one seed (`life`, over disks that lose power, `power`). The tests that look
/// at the repository as a whole live here as well.
@NullMarked
package org.hourtap.simulator;

import org.jspecify.annotations.NullMarked;
