package org.hourtap.simulator.life;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.hourtap.runtime.Role;
import org.hourtap.runtime.Roles;

/// The roles of one machine, played on the one thread of this world. Work waits until the crew is
/// given its turn, in bounded queues like those of real threads.
final class Crew implements Roles {
    /// Roles hand work to each other; more rounds than this is a ring.
    private static final int ROUNDS_MAX = 10_000;

    private final List<Player> players = new ArrayList<>();
    private final Consumer<Throwable> onFailure;
    private boolean isDead;

    /// @param onFailure told of what no role expected, besides the role itself
    Crew(Consumer<Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    @Override
    public Role start(
            String name,
            int queueMax,
            int drainMax,
            Duration tick,
            Role.Duty duty,
            Consumer<Throwable> told) {
        Player player = new Player(queueMax, drainMax, duty, told);
        players.add(player);
        return player;
    }

    /// Plays until nobody has work.
    void play() {
        for (int round = 0; round < ROUNDS_MAX; round++) {
            boolean hasWorked = false;
            for (Player player : players) {
                hasWorked |= player.round();
            }
            if (!hasWorked) {
                return;
            }
        }
        throw new IllegalStateException("the roles of a machine keep each other busy for ever");
    }

    /// Everyone does what they do of their own accord, once.
    void tick() {
        for (Player player : players) {
            player.doDuty();
        }
        play();
    }

    /// The machine stops in the middle of everything.
    void die() {
        isDead = true;
        players.forEach(player -> player.queue.clear());
    }

    private final class Player implements Role {
        private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
        private final int queueMax;
        private final int drainMax;
        private final Duty duty;
        private final Consumer<Throwable> told;
        private boolean isStopping;

        Player(int queueMax, int drainMax, Duty duty, Consumer<Throwable> told) {
            this.queueMax = queueMax;
            this.drainMax = drainMax;
            this.duty = duty;
            this.told = told;
        }

        @Override
        public boolean offer(Runnable work) {
            boolean hasRoom = !isDead && !isStopping && queue.size() < queueMax;
            if (hasRoom) {
                queue.add(work);
            }
            return hasRoom;
        }

        @Override
        public <T> T call(Callable<T> work, Duration timeout)
                throws InterruptedException, ExecutionException {
            CompletableFuture<T> result = new CompletableFuture<>();
            Runnable task =
                    () -> {
                        try {
                            result.complete(work.call());
                        } catch (Violation e) {
                            throw e;
                        } catch (Exception e) {
                            result.completeExceptionally(e);
                        }
                    };
            if (!offer(task)) {
                throw new RejectedExecutionException("the role is busy or stopping");
            }
            while (!result.isDone() && round()) {
                // whatever waited before it comes first
            }
            if (!result.isDone()) {
                throw new RejectedExecutionException("the machine stopped");
            }
            return result.get();
        }

        @Override
        public void close() {
            while (round()) {
                // what was handed over before is done
            }
            isStopping = true;
        }

        boolean round() {
            if (isDead || queue.isEmpty()) {
                return false;
            }
            List<Runnable> taken = new ArrayList<>();
            while (!queue.isEmpty() && taken.size() < drainMax) {
                taken.add(queue.remove());
            }
            taken.forEach(work -> guarded(work::run));
            doDuty();
            return true;
        }

        void doDuty() {
            if (!isDead && !isStopping) {
                guarded(duty);
            }
        }

        private void guarded(Duty work) {
            try {
                work.run();
            } catch (Violation e) {
                throw e;
            } catch (Exception | AssertionError e) {
                told.accept(e);
                onFailure.accept(e);
            }
        }
    }
}
