/// Whole deployments on one machine, above both edges: the demonstration with its bench page lives
/// here, and the tests that look at the repository as a whole.
@NullMarked
package org.hourtap.simulator;

import org.jspecify.annotations.NullMarked;
