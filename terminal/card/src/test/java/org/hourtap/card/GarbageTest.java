package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.hourtap.card.testing.VirtualDesfire;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whatever a card answers, the outcome is one of three: identified, lost, refused. Anything else
/// that is thrown fails these tests; `-Dseed=` replays one round.
class GarbageTest {
    private static final byte[] MASTER = Hex.bytes("0F1E2D3C4B5A69788796A5B4C3D2E1F0");
    private static final byte[] UID = Hex.bytes("04A1B2C3D4E5F6");
    private static final int ROUNDS = 4000;
    private static final int[] STATUSES = {0x9000, 0x9100, 0x91AF, 0x911C, 0x91A0, 0x91AE, 0x6D00};

    private static final String NONE = "no identity";

    private final MasterKeys keys = MasterKeys.forSpending(MASTER);

    @Test
    void pureNoiseNeverProvesAKeyAndNeverThrowsAnythingElse() {
        for (long seed : seeds()) {
            SplittableRandom random = new SplittableRandom(seed);
            String outcome = outcome(random, command -> noise(random));
            assertThat(outcome).as("seed %d", seed).isIn(NONE, "UID_ONLY");
        }
    }

    @Test
    void noiseOfTheRightShapeNeverProvesAKey() {
        for (long seed : seeds()) {
            SplittableRandom random = new SplittableRandom(seed);
            String outcome = outcome(random, command -> plausible(random, command));
            assertThat(outcome).as("seed %d", seed).isIn(NONE, "UID_ONLY");
        }
    }

    @Test
    void oneAlteredAnswerOfAGenuineCardIsAlwaysNoticed() {
        for (long seed : seeds()) {
            SplittableRandom random = new SplittableRandom(seed);
            VirtualDesfire.Builder builder = VirtualDesfire.with(UID, MASTER).seed(seed);
            boolean ev1 = random.nextBoolean();
            VirtualDesfire card = ev1 ? builder.ev1Only().build() : builder.build();
            // Only answers that carry proof. An EV2 challenge altered to "unknown command" makes
            // the
            // terminal ask for EV1, which this card can do as well: still its key, no forgery.
            int altered = 3 + random.nextInt(ev1 ? 3 : 2);
            int[] count = {0};
            String outcome =
                    outcome(
                            random,
                            command -> {
                                byte[] answer = card.answer(command);
                                return count[0]++ == altered ? altered(random, answer) : answer;
                            });
            assertThat(outcome).as("seed %d", seed).isEqualTo(NONE);
        }
    }

    @Test
    void anyBytesAreAnAnswerOrALostCard() throws Exception {
        for (long seed : seeds()) {
            byte[] answer = noise(new SplittableRandom(seed));
            try {
                ResponseApdu parsed = ResponseApdu.parse(answer);
                assertThat(parsed.data()).hasSize(answer.length - 2);
                assertThat(parsed.status().toString()).hasSizeGreaterThanOrEqualTo(4);
            } catch (CardLostException lost) {
                assertThat(answer).as("seed %d", seed).hasSizeLessThan(2);
            }
        }
    }

    private static long[] seeds() {
        @Nullable Long one = Long.getLong("seed");
        return one == null ? LongStream.range(0, ROUNDS).toArray() : new long[] {one};
    }

    private String outcome(SplittableRandom random, CardChannel card) {
        CardIdentifier identifier =
                new CardIdentifier(
                        keys,
                        count -> {
                            byte[] bytes = new byte[count];
                            random.nextBytes(bytes);
                            return bytes;
                        });
        try {
            return identifier.identify(card).cardClass().name();
        } catch (CardLostException | CardRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
            return NONE;
        }
    }

    private static byte[] noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(10) == 0 ? 70_000 : 40)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] plausible(SplittableRandom random, byte[] command) {
        if (command[0] == (byte) 0xFF) {
            return Bytes.join(UID, Hex.bytes("9000"));
        }
        int status = STATUSES[random.nextInt(STATUSES.length)];
        if ((command[1] & 0xFF) == Instruction.SELECT_APPLICATION) {
            status = 0x9100;
        }
        int[] lengths = {0, 8, 16, 24, 32};
        byte[] data = new byte[lengths[random.nextInt(lengths.length)]];
        random.nextBytes(data);
        return Bytes.join(data, Bytes.of(status >> 8, status));
    }

    private static byte[] altered(SplittableRandom random, byte[] answer) {
        int way = random.nextInt(3);
        if (way == 0) {
            return Bytes.last(answer, random.nextInt(answer.length));
        }
        if (way == 1) {
            return Bytes.join(answer, noise(random), Bytes.of(0));
        }
        byte[] changed = answer.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
        return changed;
    }
}
