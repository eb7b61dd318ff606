/// A database server dies under load and its standby takes over: what `deploy/failover` runs.
@NullMarked
package org.hourtap.simulator.failover;

import org.jspecify.annotations.NullMarked;
