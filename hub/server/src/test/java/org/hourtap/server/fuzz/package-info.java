/// Fuzzing of what a hub reads: its files, requests to its HTTP interface, messages of terminals,
/// and packets to its broker. A package of its own, because the targets are in several.
@NullMarked
package org.hourtap.server.fuzz;

import org.jspecify.annotations.NullMarked;
