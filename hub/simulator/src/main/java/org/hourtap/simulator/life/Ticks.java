package org.hourtap.simulator.life;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets the roles of a machine do their duty a few times after something was done there, at growing
/// intervals. A machine with real threads does so all the time.
final class Ticks {
    private final Agenda agenda;
    private final long[] delays;
    private final Supplier<@Nullable Crew> running;
    private final Consumer<Runnable> machine;
    private int next;
    private boolean isDue;

    /// @param delays from one to the next, microseconds
    /// @param running whose duty it is; absent while the machine is down
    /// @param machine does something on the machine
    Ticks(
            Agenda agenda,
            long[] delays,
            Supplier<@Nullable Crew> running,
            Consumer<Runnable> machine) {
        this.agenda = agenda;
        this.delays = delays.clone();
        this.running = running;
        this.machine = machine;
    }

    /// Something was done: all of them, from the first.
    void restart() {
        next = 0;
        later();
    }

    private void later() {
        Crew crew = running.get();
        if (isDue || next >= delays.length || crew == null) {
            return;
        }
        isDue = true;
        agenda.after(delays[next], () -> tick(crew));
    }

    private void tick(Crew crew) {
        isDue = false;
        if (running.get() == crew) {
            next++;
            machine.accept(crew::tick);
        }
        later();
    }
}
