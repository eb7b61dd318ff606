/// A deployment under people and mishaps, as processes over the real wire: what `deploy/crash`
/// runs. Programs are killed and frozen, disks fill up, cables are cut, clocks jump; in the end an
/// auditor compares what people were shown with every file.
@NullMarked
package org.hourtap.simulator.crash;

import org.jspecify.annotations.NullMarked;
