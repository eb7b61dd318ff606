package org.hourtap.simulator.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.simulator.demo.ScreenWatch.Shown;
import org.hourtap.smartcardio.testing.CardAnswer;
import org.hourtap.smartcardio.testing.VpcdCard.Pull;
import org.hourtap.tap.DeclineReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Cards that are not what they say, at a door of production: nobody gets in on them, the journal
/// keeps it, and staff read a sentence that says what to do.
@Timeout(300)
class RefusedCardsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final int HOURS_MINUTES = 600;
    private static final int EV2_FIRST = 0x71;
    private static final int MORE = 0xAF;
    private static final int GET_CARD_UID = 0x51;
    private static final int READ_DATA = 0xAD;
    private static final int WRITE_RECORD = 0x8B;

    @TempDir private Path folder;

    @Test
    void everyFalseCardIsRefusedJournalledAndExplainedToStaff() throws Exception {
        try (Deployment deployment = Deployment.start(folder, "in-process", 0, _ -> {})) {
            Person mair = deployment.scheme().issue("mair", "Mair", "cy", false);
            deployment.scheme().startWith(mair, HOURS_MINUTES);
            Waiting.pause(Duration.ofSeconds(2));
            Box pool = deployment.box(Place.POOL);

            VirtualDesfire.Image image = mair.card().snapshot();
            Recording recording = new Recording(mair.inHand());
            assertThat(pool.hold(recording, Pull.NEVER, PATIENCE).map(Shown::state))
                    .contains("WELCOME");
            assertThat(Waiting.until(PATIENCE, () -> spends(deployment, mair) == 1)).isTrue();

            byte[] key = "another key.....".getBytes(StandardCharsets.US_ASCII);
            VirtualDesfire clone = VirtualDesfire.with(mair.card().uid(), key).build();
            refused(pool, "a clone without the key", clone::answer, DeclineReason.NOT_GENUINE);
            refused(pool, "a replay", recording.replay(), DeclineReason.NOT_GENUINE);
            for (int command : List.of(EV2_FIRST, MORE, GET_CARD_UID, READ_DATA, WRITE_RECORD)) {
                mair.card().reset();
                refused(
                        pool,
                        "a flipped bit in the answer to " + Integer.toHexString(command),
                        flipping(mair.inHand(), command),
                        DeclineReason.NOT_GENUINE);
            }
            VirtualDesfire.Image now = mair.card().snapshot();
            mair.card().restore(image);
            refused(pool, "an old image", mair.inHand(), DeclineReason.CARD_TURNED_BACK);
            mair.card().restore(now);

            assertThat(pool.tap(mair).map(Shown::state)).contains("WELCOME");
            assertThat(Books.settled(deployment)).isTrue();
            assertThat(spends(deployment, mair)).isEqualTo(2);
            assertThat(deployment.scheme().trialBalance()).isZero();
        }
    }

    private static void refused(Box box, String what, CardAnswer card, DeclineReason reason)
            throws Exception {
        long before = occurrences(box, reason);
        assertThat(box.hold(card, Pull.NEVER, PATIENCE).map(Shown::state))
                .as(what)
                .contains("PLEASE_ASK");
        assertThat(Waiting.until(PATIENCE, () -> occurrences(box, reason) == before + 1))
                .as("staff read of %s", what)
                .isTrue();
    }

    private static long occurrences(Box box, DeclineReason reason) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(box.screenAddress() + "staff/state")).build();
            String page =
                    HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .body();
            return page.split(Pattern.quote(reason.advice()), -1).length - 1L;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    private static long spends(Deployment deployment, Person person) {
        try {
            return Books.spends(deployment, person, Place.POOL);
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    /// Flips one bit of every answer to this command, so that asking again does not help.
    private static CardAnswer flipping(CardAnswer card, int command) {
        return changing(
                card,
                command,
                answer -> {
                    byte[] changed = answer.clone();
                    if (changed.length > 2) {
                        changed[0] ^= 1;
                    }
                    return changed;
                });
    }

    private static CardAnswer changing(CardAnswer card, int command, UnaryOperator<byte[]> change) {
        return new CardAnswer() {
            @Override
            public byte[] answer(byte[] apdu) {
                byte[] answer = card.answer(apdu);
                boolean isMeant = apdu.length > 1 && Byte.toUnsignedInt(apdu[1]) == command;
                return isMeant ? change.apply(answer) : answer;
            }

            @Override
            public void reset() {
                card.reset();
            }
        };
    }

    /// Listens to a genuine tap, to say the same again later.
    private static final class Recording implements CardAnswer {
        private final CardAnswer card;
        private final List<Map.Entry<Integer, byte[]>> heard = new ArrayList<>();

        Recording(CardAnswer card) {
            this.card = card;
        }

        CardAnswer replay() {
            List<Map.Entry<Integer, byte[]>> said = List.copyOf(heard);
            return apdu ->
                    said.stream()
                            .filter(entry -> entry.getKey() == Byte.toUnsignedInt(apdu[1]))
                            .map(entry -> entry.getValue().clone())
                            .findFirst()
                            .orElse(new byte[] {(byte) 0x91, (byte) 0xAE});
        }

        @Override
        public byte[] answer(byte[] apdu) {
            byte[] answer = card.answer(apdu);
            heard.add(Map.entry(Byte.toUnsignedInt(apdu[1]), answer.clone()));
            return answer;
        }

        @Override
        public void reset() {
            card.reset();
        }
    }
}
