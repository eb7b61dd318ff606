package org.hourtap.device.cards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.CardStep;
import org.hourtap.contract.CardId;
import org.hourtap.tap.CardReader;
import org.hourtap.tap.ReaderException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A day at the desk: each step of the story is what the next card, or the reader, does.
@Timeout(60)
class BatchTest {
    private final Deque<Step> steps = new ArrayDeque<>();
    private final StringWriter said = new StringWriter();
    private final List<String> registered = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private int slicesHeld;

    /// What comes next at the desk.
    private enum Step {
        BLANK,
        OURS,
        FOREIGN,
        PULLED,
        NOBODY,
        UNPLUGGED,
        CTRL_C
    }

    private final class Desk implements CardReader {
        @Override
        public Optional<CardChannel> awaitCard(Duration timeout) throws ReaderException {
            if (steps.isEmpty()) {
                throw new AssertionError("the batch went on after the story's end:\n" + said);
            }
            if (steps.peek() == Step.UNPLUGGED) {
                steps.remove();
                throw new ReaderException("No card reader is connected.");
            }
            if (steps.peek() == Step.NOBODY) {
                steps.remove();
                return Optional.empty();
            }
            if (steps.peek() == Step.CTRL_C) {
                stop.countDown();
                return Optional.empty();
            }
            return Optional.of(command -> command);
        }

        @Override
        public boolean release(Duration timeout) {
            return slicesHeld-- <= 0;
        }

        @Override
        public void close() {}
    }

    private CardMaker.Made make(CardChannel card) throws CardLostException, CardRefusedException {
        Step step = steps.remove();
        CardId id = new CardId("0400000000000" + registered.size());
        if (step == Step.PULLED) {
            throw new CardLostException("pulled");
        }
        if (step == Step.FOREIGN) {
            throw new CardRefusedException(CardStep.PERSONALISATION, "somebody else's");
        }
        return new CardMaker.Made(id, step == Step.BLANK);
    }

    private boolean run(boolean again, List<String> members, Step... story) throws Exception {
        Collections.addAll(steps, story);
        return new Batch(new Desk(), this::make, this::register, again, new PrintWriter(said), stop)
                .run(members);
    }

    private String register(Registration card) throws Register.NotRegisteredException {
        if (card.member().equals("nobody")) {
            throw new Register.NotRegisteredException("There is no member nobody.");
        }
        registered.add(card.csv());
        return "registered";
    }

    @Test
    void aBatchHasALineForEachCardAndOneAtTheEnd() throws Exception {
        slicesHeld = 3;
        assertThat(run(false, List.of("mair", "alys", "bran"), Step.BLANK, Step.BLANK, Step.BLANK))
                .isTrue();
        assertThat(registered)
                .containsExactly(
                        "04000000000000,mair,DESFIRE_EV2",
                        "04000000000001,alys,DESFIRE_EV2",
                        "04000000000002,bran,DESFIRE_EV2");
        assertThat(said.toString().lines())
                .containsExactly(
                        "Lay the first card on the reader.",
                        "1 of 3 · 04000000000000 written, verified, registered",
                        "2 of 3 · 04000000000001 written, verified, registered",
                        "3 of 3 · 04000000000002 written, verified, registered",
                        "3 of 3 cards done.");
    }

    @Test
    void aPulledCardIsHeldAgainAndNobodysTurnIsLost() throws Exception {
        assertThat(run(false, List.of("mair"), Step.NOBODY, Step.PULLED, Step.BLANK)).isTrue();
        assertThat(said.toString())
                .contains("Hold it again")
                .contains("1 of 1 · 04000000000000 written")
                .contains("1 times a card was taken away too soon");
    }

    @Test
    void aCardThatIsOursIsSaidSoAndSkippedUnlessWanted() throws Exception {
        assertThat(run(false, List.of("mair"), Step.OURS, Step.BLANK)).isTrue();
        assertThat(registered).hasSize(1);
        assertThat(said.toString())
                .contains("is one of ours already")
                .contains("--again")
                .contains("1 were ours already");
        assertThat(run(true, List.of("mair"), Step.OURS)).isTrue();
        assertThat(said.toString()).contains("1 of 1 · 04000000000001 verified, registered");
    }

    @Test
    void aForeignCardIsRefusedAndTheBatchGoesOn() throws Exception {
        assertThat(run(false, List.of("mair"), Step.FOREIGN, Step.BLANK)).isTrue();
        assertThat(said.toString())
                .contains("somebody else's")
                .contains("Take another one.")
                .contains("1 could not be used");
    }

    @Test
    void aHubThatSaysNoStopsTheBatchWithTheCardNamed() throws Exception {
        assertThat(run(false, List.of("mair", "nobody", "bran"), Step.BLANK, Step.BLANK)).isFalse();
        assertThat(said.toString())
                .contains("2 of 3 · 04000000000001 written, verified, NOT registered. There is no")
                .contains("--again")
                .contains("1 of 3 cards done.");
    }

    @Test
    void aReaderThatIsUnpluggedIsSaidOnceAndWaitedFor() throws Exception {
        assertThat(run(false, List.of("mair"), Step.UNPLUGGED, Step.UNPLUGGED, Step.BLANK))
                .isTrue();
        assertThat(said.toString().lines().filter(line -> line.startsWith("No card reader")))
                .hasSize(1);
    }

    @Test
    void ctrlCLeavesASummary() throws Exception {
        assertThat(run(false, List.of("mair", "alys"), Step.BLANK, Step.CTRL_C)).isFalse();
        assertThat(said.toString().lines()).last().asString().isEqualTo("1 of 2 cards done.");
    }
}
