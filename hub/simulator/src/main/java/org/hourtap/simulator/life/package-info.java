/// A whole deployment on one thread, from one seed: the programs of hub and terminals as they are,
/// with their real databases and the real card protocol; people, operators, network, power, disks
/// and clocks are played. The same seed plays the same life, byte for byte, and after every step an
/// auditor compares what happened to people with what the books say.
@NullMarked
package org.hourtap.simulator.life;

import org.jspecify.annotations.NullMarked;
