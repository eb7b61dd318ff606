package org.hourtap.card;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hourtap.card.testing.VirtualCard;
import org.hourtap.card.testing.VirtualDesfire;
import org.hourtap.card.testing.VirtualNtag;
import org.hourtap.contract.testing.FuzzTarget;
import org.hourtap.contract.testing.FuzzTargets;

/// Everything a card says. An input is a script for whoever sits between card and reader: its first
/// byte chooses the card, then one byte for each answer, and what that needs; see [Spoiler]. When
/// the script ends, the card answers for itself.
public final class CardTargets implements FuzzTargets {
    /// Most that any of our dialogues takes with a card that plays along.
    private static final int TAP_EXCHANGES_MAX = 30;

    private static final int PERSONALISING_EXCHANGES_MAX = 150;

    private static final MasterKeys NEWER =
            new MasterKeys(Map.of(new KeyName(1, 0), Door.MASTER, new KeyName(1, 1), Door.NEWER));

    private final Map<Integer, VirtualDesfire.Image> used = new HashMap<>();

    @Override
    public List<FuzzTarget> targets() {
        return List.of(
                new FuzzTarget("answer", CardTargets::answer),
                new FuzzTarget("tap", this::tap),
                new FuzzTarget("personalising", CardTargets::personalising));
    }

    private static void answer(byte[] input) {
        try {
            ResponseApdu parsed = ResponseApdu.parse(input);
            assertThat(parsed.data()).isEqualTo(Arrays.copyOf(input, input.length - 2));
            assertThat(parsed.status().toString()).hasSizeGreaterThanOrEqualTo(4);
            if (Uid.isLength(parsed.data().length)) {
                assertThat(Uid.of(parsed.data()).bytes()).isEqualTo(parsed.data());
            }
            parsed.dataOf(CardStep.JOURNAL, StatusWord.DONE, parsed.data().length);
        } catch (CardLostException | CardRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    /// One whole tap. Whatever is done to the answers, a card without our key never proves one, and
    /// a commit that came out well is on the card.
    private void tap(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int which = Byte.toUnsignedInt(input[0]) % 8;
        VirtualCard card = card(which);
        Spoiler spoiler = new Spoiler(card::answer, input, TAP_EXCHANGES_MAX);
        CardIdentifier door = which == 7 ? new CardIdentifier(NEWER, Door.random(1)) : Door.door();
        CardClass proved = CardClass.UID_ONLY;
        try (Authenticated authenticated = door.identify(spoiler)) {
            proved = authenticated.cardClass();
            if (authenticated.journal().isPresent()) {
                CardJournal journal = authenticated.journal().get();
                long before = journal.counter().value();
                if (before > 0) {
                    journal.newest((int) Math.min(before, CardJournal.CAPACITY));
                }
                journal.append(Door.record(before + 1));
                assertThat(journal.commit().value())
                        .isEqualTo(before + 1)
                        .isEqualTo(((VirtualDesfire) card).counter());
            }
            if (authenticated.isKeyOld()) {
                authenticated.rollKey();
            }
        } catch (CardLostException | CardRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(spoiler.hasSpoiled() || which >= 4).as("honest card: %s", e).isTrue();
        }
        if (which >= 3 && which <= 5) {
            assertThat(proved).isEqualTo(CardClass.UID_ONLY);
        }
    }

    private VirtualCard card(int which) {
        return switch (which) {
            case 0, 7 -> tapped(which);
            case 1 -> Door.marysCard().ev1Only().build();
            case 2 -> VirtualNtag.with(Door.UID, Door.MASTER);
            case 3 -> Door.marysCard().withoutApplication().build();
            case 4 -> Door.marysCard().clonedWithoutTheKey().build();
            case 5 -> VirtualNtag.clonedWithoutTheKey(Door.UID, Door.MASTER);
            default -> Door.marysCard().notADesfire().build();
        };
    }

    /// A card with a few taps on it, which are made once.
    private VirtualDesfire tapped(int which) {
        VirtualDesfire card = Door.marysCard().build();
        VirtualDesfire.Image image = used.get(which);
        if (image == null) {
            try {
                for (int tap = 0; tap < 8; tap++) {
                    Door.tap(Door.door(), card::answer);
                    card.reset();
                }
            } catch (CardLostException | CardRefusedException e) {
                throw new AssertionError("an untouched card takes taps", e);
            }
            used.put(which, card.snapshot());
        } else {
            card.restore(image);
        }
        return card;
    }

    /// A card that is made at the office, while someone plays with its answers.
    private static void personalising(byte[] input) {
        if (input.length == 0) {
            return;
        }
        MasterKeys masters = new MasterKeys(Door.allMasters());
        boolean isTag = input[0] % 2 == 0;
        VirtualCard card =
                isTag ? VirtualNtag.factory(Door.UID) : VirtualDesfire.factory(Door.UID).build();
        Spoiler spoiler = new Spoiler(card::answer, input, PERSONALISING_EXCHANGES_MAX);
        try {
            if (isTag) {
                new TagPersonaliser(masters, Door.random(5)).personalise(spoiler);
            } else {
                new CardPersonaliser(masters, Door.random(5)).personalise(spoiler, _ -> {});
            }
        } catch (CardLostException | CardRefusedException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(spoiler.hasSpoiled()).as("honest card: %s", e).isTrue();
        }
    }

    /// Someone between card and reader who follows a script.
    private static final class Spoiler implements CardChannel {
        private static final int HONEST_BELOW = 128;

        private final CardChannel card;
        private final ByteBuffer script;
        private final int exchangesMax;
        private byte[] before = Bytes.of(0x91, 0x00);
        private int exchanges;
        private boolean isSpoiled;

        Spoiler(CardChannel card, byte[] input, int exchangesMax) {
            this.card = card;
            this.script = ByteBuffer.wrap(input, 1, input.length - 1);
            this.exchangesMax = exchangesMax;
        }

        boolean hasSpoiled() {
            return isSpoiled;
        }

        @Override
        public byte[] transceive(byte[] command) throws CardLostException {
            exchanges++;
            assertThat(exchanges).as("exchanges").isLessThanOrEqualTo(exchangesMax);
            byte[] answer = card.transceive(command);
            int what = next();
            isSpoiled |= what >= HONEST_BELOW;
            byte[] given = what < HONEST_BELOW ? answer : spoiled(what % 8, answer);
            before = given;
            return given;
        }

        private byte[] spoiled(int how, byte[] answer) throws CardLostException {
            return switch (how) {
                case 0 -> some();
                case 1 -> flipped(answer);
                case 2 -> Arrays.copyOf(answer, Math.min(next(), answer.length));
                case 3 -> Bytes.join(some(), answer);
                case 4 -> Bytes.join(body(answer), Bytes.of(next(), next()));
                case 5 -> before;
                case 6 -> Bytes.join(new byte[16 * (next() % 20)], Bytes.of(0x91, next()));
                default -> throw new CardLostException("pulled");
            };
        }

        private byte[] flipped(byte[] answer) {
            byte[] changed = answer.clone();
            int at = next();
            int by = next();
            if (changed.length > 0) {
                changed[at % changed.length] ^= (byte) by;
            }
            return changed;
        }

        private static byte[] body(byte[] answer) {
            return Arrays.copyOf(answer, Math.max(0, answer.length - 2));
        }

        private byte[] some() {
            byte[] bytes = new byte[Math.min(next(), script.remaining())];
            script.get(bytes);
            return bytes;
        }

        private int next() {
            return script.hasRemaining() ? Byte.toUnsignedInt(script.get()) : 0;
        }
    }
}
