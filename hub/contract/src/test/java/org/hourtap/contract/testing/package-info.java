/// Fuzzing, for every room that reads what others wrote: what a target is, where its corpus lies,
/// and how Jazzer is started on it. Shared as a test-jar, because the contract is what all rooms
/// know.
@NullMarked
package org.hourtap.contract.testing;

import org.jspecify.annotations.NullMarked;
