package org.hourtap.simulator.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.hourtap.runtime.SystemTime;
import org.hourtap.simulator.demo.Box;
import org.hourtap.simulator.demo.Person;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VpcdCard.Pull;

/// People who go from door to door and hold their cards: mostly as one should, sometimes pulling
/// the card early, sometimes twice. Each is a thread; a door has room for one.
final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    /// Longer than any mishap lasts, so that the answer to one person is not taken for that to the
    /// next: nobody turns away before the door has said something.
    private static final int HOLDS_MAX = 20;

    private static final int PULLED_PERCENT = 10;
    private static final int TWICE_PERCENT = 15;
    private static final int LEAVES_AFTER_A_TEAR_PERCENT = 30;

    /// A tap has about this many exchanges with the card.
    private static final int APDUS = 14;

    private static final Duration BETWEEN_HOLDS = Duration.ofMillis(400);
    private static final int STROLL_MILLIS_MIN = 1_000;
    private static final int STROLL_MILLIS_MAX = 25_000;

    private final List<Box> doors;
    private final Map<Box, ReentrantLock> queues = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final List<Thread> walks = new ArrayList<>();
    private final Writer file;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean isOver;

    /// @param record a file in which every answer is kept as well
    Crowd(List<Box> doors, Path record) throws IOException {
        this.doors = List.copyOf(doors);
        doors.forEach(door -> queues.put(door, new ReentrantLock()));
        this.file = Files.newBufferedWriter(record);
    }

    /// Sends someone on their way.
    void add(Person person, RandomGenerator chance) {
        walks.add(
                Thread.ofPlatform()
                        .name("person-" + person.member())
                        .start(() -> walk(person, chance)));
    }

    List<Answer> answers() {
        return List.copyOf(answers);
    }

    /// Lets everyone finish what they are at, and waits for them.
    void goHome() throws InterruptedException {
        isOver = true;
        for (Thread walk : walks) {
            walk.join();
        }
    }

    /// Someone comes back to a door until it has answered.
    void visit(Person person, Box door) {
        stepUp(person.inHand(), person.cardId(), door, Pull.NEVER, false);
    }

    @Override
    public void close() throws IOException {
        isOver = true;
        file.close();
    }

    private void walk(Person person, RandomGenerator chance) {
        while (!isOver) {
            Box door = doors.get(chance.nextInt(doors.size()));
            boolean isPulled = chance.nextInt(100) < PULLED_PERCENT;
            int apdu = 1 + chance.nextInt(APDUS);
            Pull pull =
                    !isPulled
                            ? Pull.NEVER
                            : chance.nextBoolean() ? Pull.before(apdu) : Pull.after(apdu);
            boolean leaves = isPulled && chance.nextInt(100) < LEAVES_AFTER_A_TEAR_PERCENT;
            boolean isWelcome = stepUp(person.inHand(), person.cardId(), door, pull, leaves);
            if (isWelcome && chance.nextInt(100) < TWICE_PERCENT) {
                stepUp(person.inHand(), person.cardId(), door, Pull.NEVER, false);
            }
            Duration stroll =
                    Duration.ofMillis(chance.nextInt(STROLL_MILLIS_MIN, STROLL_MILLIS_MAX));
            Waiting.until(stroll, () -> isOver);
        }
    }

    /// @param pull of the first hold; after that the card is held as asked
    /// @param leaves whether the person goes away when told to hold the card again
    private boolean stepUp(CardAnswer card, String id, Box door, Pull pull, boolean leaves) {
        ReentrantLock queue = queues.get(door);
        if (queue == null) {
            throw new IllegalArgumentException("no such door: " + door.place());
        }
        queue.lock();
        try {
            long since = SystemTime.bootMicros();
            for (int holds = 0; holds < HOLDS_MAX; holds++) {
                Optional<Shown> shown = door.hold(card, holds == 0 ? pull : Pull.NEVER, PATIENCE);
                Answer answer = answer(id, door, since, shown);
                keep(answer);
                if (answer.isWelcome()) {
                    return true;
                }
                boolean isAskedToHoldAgain = answer.state().equals("HOLD_AGAIN");
                if (answer.state().equals("PLEASE_ASK") || (isAskedToHoldAgain && leaves)) {
                    return false;
                }
                Waiting.pause(BETWEEN_HOLDS);
            }
            return false;
        } finally {
            queue.unlock();
        }
    }

    private static Answer answer(String card, Box door, long since, Optional<Shown> shown) {
        return new Answer(
                card,
                door.place().terminal(),
                since,
                shown.map(Shown::micros).orElseGet(SystemTime::bootMicros),
                shown.map(Shown::state).orElse(Answer.NOTHING),
                shown.map(seen -> seen.title().startsWith("Already")).orElse(false));
    }

    private void keep(Answer answer) {
        answers.add(answer);
        writing.lock();
        try {
            file.write(answer.line() + "\n");
            file.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be kept", e);
        } finally {
            writing.unlock();
        }
    }
}
