/// The places, what is done there, and the terminals at their doors: which is for what, who may
/// connect, and how a new one joins.
@NullMarked
package org.hourtap.server.fleet;

import org.jspecify.annotations.NullMarked;
