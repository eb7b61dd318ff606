package org.hourtap.simulator.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.hourtap.simulator.demo.Box;
import org.hourtap.simulator.demo.Deployment;
import org.hourtap.simulator.demo.Waiting;

/// Draws mishaps like cards from a deck, so that each kind comes often enough, and lets them
/// happen, several at a time but one at a time to each victim. Every mishap ends with what a person
/// or a supervisor would do: the program is started again, space is made, the cable is plugged in.
final class Mischief implements AutoCloseable {
    /// So that a person or a supervisor may have done something by then.
    private static final Duration RESTART_AFTER = Duration.ofMillis(500);

    private final Deployment deployment;
    private final ShakyGround ground;
    private final Havoc havoc;
    private final RandomGenerator chance;
    private final Duration gap;
    private final Deque<Mishap> deck = new ArrayDeque<>();
    private final Map<String, ReentrantLock> victims = new ConcurrentHashMap<>();
    private final Map<Mishap, Integer> counts = new EnumMap<>(Mishap.class);
    private final ReentrantLock counting = new ReentrantLock();
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final Phaser open = new Phaser(1);
    private final Thread thread;
    private volatile boolean isOver;

    /// @param gap from one mishap to the next, on average
    /// @param longest no mishap is left longer than this
    Mischief(
            Deployment deployment,
            ShakyGround ground,
            Duration gap,
            Duration longest,
            RandomGenerator chance) {
        this.deployment = deployment;
        this.ground = ground;
        this.havoc = new Havoc(deployment, ground, longest);
        this.gap = gap;
        this.chance = chance;
        this.thread = Thread.ofPlatform().name("mischief").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Begins nothing more and waits until all that was begun is mended. More than once is as good.
    void stop() {
        isOver = true;
        boolean isInterrupted = Thread.interrupted();
        while (thread.isAlive()) {
            Waiting.pause(RESTART_AFTER);
        }
        open.arriveAndAwaitAdvance();
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return how often each kind has happened
    Map<Mishap, Integer> counts() {
        counting.lock();
        try {
            return new EnumMap<>(counts);
        } finally {
            counting.unlock();
        }
    }

    /// @return what goes wrong at this moment, in words
    List<String> underWay() {
        return underWay.stream().sorted().toList();
    }

    /// @return what could not be mended, and programs that ended by themselves
    List<String> failures() {
        return List.copyOf(failures);
    }

    private void run() {
        while (!isOver) {
            long pause = gap.toMillis();
            Waiting.until(
                    Duration.ofMillis(chance.nextLong(pause / 2, pause * 3 / 2)), () -> isOver);
            if (!isOver) {
                begin(draw());
            }
        }
    }

    private Mishap draw() {
        if (deck.isEmpty()) {
            List<Mishap> cards =
                    new ArrayList<>(
                            Stream.of(Mishap.values())
                                    .filter(this::isPossible)
                                    .flatMap(kind ->
                                            Collections.nCopies(kind.weight(), kind).stream())
                                    .toList());
            for (int i = cards.size() - 1; i > 0; i--) {
                Collections.swap(cards, i, chance.nextInt(i + 1));
            }
            deck.addAll(firstOfEach(cards));
        }
        return deck.remove();
    }

    /// Each kind once before any comes again, so that a short run sees them all.
    private static List<Mishap> firstOfEach(List<Mishap> cards) {
        List<Mishap> ordered = new ArrayList<>(new LinkedHashSet<>(cards));
        List<Mishap> others = new ArrayList<>(cards);
        ordered.forEach(others::remove);
        ordered.addAll(others);
        return ordered;
    }

    private boolean isPossible(Mishap kind) {
        return (!kind.needsPcscd() || deployment.readers().daemon().isPresent())
                && (!kind.needsDisks() || ground.hasDisks())
                && (!kind.needsClocks() || ground.hasClocks());
    }

    private void begin(Mishap kind) {
        Box box = deployment.boxes().get(chance.nextInt(deployment.boxes().size()));
        long luck = chance.nextLong();
        String victim =
                kind.needsPcscd()
                        ? "pcscd"
                        : kind.isOfTheHub() ? Deployment.HUB : box.place().terminal();
        String lock = kind.isOfTheLine() ? victim + " line" : victim;
        open.register();
        Thread.ofPlatform()
                .name("mishap")
                .start(() -> {
                    try {
                        happen(kind, box, luck, victim, lock);
                    } finally {
                        open.arriveAndDeregister();
                    }
                });
    }

    /// One that finds its victim lying down already waits until that one is up again.
    private void happen(Mishap kind, Box box, long luck, String victim, String lockName) {
        ReentrantLock lock = victims.computeIfAbsent(lockName, _ -> new ReentrantLock());
        lock.lock();
        String words = kind.words() + " (" + victim + ")";
        try {
            if (isOver && counts().containsKey(kind)) {
                return;
            }
            underWay.add(words);
            havoc.wreak(kind, box, luck);
            count(kind);
        } catch (IOException | RuntimeException e) {
            failures.add(words + ": " + e.getMessage());
        } finally {
            underWay.remove(words);
            lock.unlock();
        }
    }

    private void count(Mishap kind) {
        counting.lock();
        try {
            counts.merge(kind, 1, Integer::sum);
        } finally {
            counting.unlock();
        }
    }

    @Override
    public void close() {
        stop();
    }

    static void pauseBeforeRestart() {
        Waiting.pause(RESTART_AFTER);
    }

    /// @return between the two, by what luck says
    static Duration between(long luck, int millisMin, int millisMax) {
        long millis = millisMin + Math.floorMod(luck, (long) millisMax - millisMin);
        return Duration.ofMillis(millis);
    }
}
