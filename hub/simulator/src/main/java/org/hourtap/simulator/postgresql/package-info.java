/// Real PostgreSQL servers for measurements and drills: from Debian's package, in folders of their
/// own, on loopback, gone when they are closed.
@NullMarked
package org.hourtap.simulator.postgresql;

import org.jspecify.annotations.NullMarked;
