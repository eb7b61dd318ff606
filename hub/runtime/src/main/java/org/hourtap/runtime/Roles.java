package org.hourtap.runtime;

import java.time.Duration;
import java.util.function.Consumer;

/// Gives roles to whoever plays them: in a program each gets a thread of its own,
/// `RoleThread::startDraining`.
@FunctionalInterface
public interface Roles {
    /// @param queueMax pieces of work that may wait; more are not taken
    /// @param drainMax pieces of waiting work taken before the duty runs
    /// @param tick longest time between two runs of the duty
    /// @param onFailure told of everything work or duty throws; the role goes on
    Role start(
            String name,
            int queueMax,
            int drainMax,
            Duration tick,
            Role.Duty duty,
            Consumer<Throwable> onFailure);
}
