/// Several hubs on one PostgreSQL behind one broker, killed in turn while a hundred terminals tap,
/// and the audit of what became of every tap.
@NullMarked
package org.hourtap.simulator.instances;

import org.jspecify.annotations.NullMarked;
