package org.hourtap.device.cards;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;

/// One card after the other, with a line for each, until there are enough or somebody stops it. A
/// card that is in hand is always finished. Confined to one thread.
final class Batch {
    /// How soon a stop is noticed.
    private static final Duration SLICE = Duration.ofMillis(200);

    private static final long RETRY_MILLIS = 500;

    /// How many slices a card that was lost is waited for to go, before it is tried where it lies:
    /// it may lie badly, or have come back faster than the reader looked.
    private static final int LOST_SLICES = 10;

    private final CardReader reader;
    private final CardMaker maker;
    private final Register register;
    private final boolean again;
    private final PrintWriter progress;
    private final CountDownLatch stop;

    private int done;
    private int known;
    private int refused;
    private int lost;
    private String readerTrouble = "";

    /// @param again whether cards that are ours already count too
    /// @param stop counted down to stop after the card in hand
    Batch(
            CardReader reader,
            CardMaker maker,
            Register register,
            boolean again,
            PrintWriter progress,
            CountDownLatch stop) {
        this.reader = reader;
        this.maker = maker;
        this.register = register;
        this.again = again;
        this.progress = progress;
        this.stop = stop;
    }

    /// Makes a card for each of these members, in their order.
    ///
    /// @return whether all were made and registered
    boolean run(List<String> members) throws InterruptedException {
        int count = members.size();
        try {
            progress.println("Lay the first card on the reader.");
            boolean goOn = true;
            while (goOn && done < count && !isStopped()) {
                Optional<CardChannel> card = next();
                if (card.isPresent()) {
                    int lostBefore = lost;
                    goOn = one(card.get(), members.get(done), count);
                    if (goOn && done < count) {
                        awaitRemoval(lost > lostBefore ? LOST_SLICES : Integer.MAX_VALUE);
                    }
                }
            }
        } finally {
            summary(count);
        }
        return done == count;
    }

    /// @return whether to go on
    private boolean one(CardChannel card, String member, int count) throws InterruptedException {
        try {
            CardMaker.Made made = maker.make(card);
            if (!made.isNew() && !again) {
                known++;
                progress.println(
                        made.card()
                                + " is one of ours already and was left as it is. (--again takes"
                                + " such cards too.) Take another one.");
                return true;
            }
            return registered(made, member, count);
        } catch (CardLostException e) {
            lost++;
            progress.println(
                    "The card was lost on the way. Hold it again, and leave it on the reader until"
                            + " its line appears.");
        } catch (CardRefusedException e) {
            refused++;
            progress.println("This card cannot be used: " + e.getMessage() + ". Take another one.");
        }
        return true;
    }

    private boolean registered(CardMaker.Made made, String member, int count)
            throws InterruptedException {
        String line =
                (done + 1)
                        + " of "
                        + count
                        + " · "
                        + made.card()
                        + (made.isNew() ? " written, verified, " : " verified, ");
        try {
            String how = register.register(new Registration(made.card(), member));
            progress.println(line + how);
            done++;
            return true;
        } catch (Register.NotRegisteredException e) {
            progress.println(
                    line
                            + "NOT registered. "
                            + e.getMessage()
                            + " The card itself is good: when that is mended, lay it on the reader"
                            + " again, with --again.");
            return false;
        }
    }

    private Optional<CardChannel> next() throws InterruptedException {
        try {
            Optional<CardChannel> card = reader.awaitCard(SLICE);
            readerTrouble = "";
            return card;
        } catch (ReaderException e) {
            trouble(e);
            return Optional.empty();
        }
    }

    /// One presentation, one card: whatever came of it, it has to go first.
    private void awaitRemoval(int slices) throws InterruptedException {
        try {
            boolean hasLeft = false;
            for (int i = 0; i < slices && !hasLeft && !isStopped(); i++) {
                hasLeft = reader.release(SLICE);
            }
        } catch (ReaderException e) {
            trouble(e);
        }
    }

    private void trouble(ReaderException e) throws InterruptedException {
        String sentence = String.valueOf(e.getMessage());
        if (!sentence.equals(readerTrouble)) {
            readerTrouble = sentence;
            progress.println(sentence);
        }
        if (stop.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
            progress.println("Stopped.");
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void summary(int count) {
        progress.println(
                done
                        + " of "
                        + count
                        + (count == 1 ? " card" : " cards")
                        + " done"
                        + (known == 0 ? "" : ", " + known + " were ours already")
                        + (refused == 0 ? "" : ", " + refused + " could not be used")
                        + (lost == 0 ? "" : ", " + lost + " times a card was taken away too soon")
                        + ".");
        progress.flush();
    }
}
