/// The yardstick of the tap bench: the least a program can do with a card over PC/SC.
@NullMarked
package org.hourtap.simulator.bench.pcsc;

import org.jspecify.annotations.NullMarked;
