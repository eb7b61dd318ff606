package org.hourtap.tap;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.card.CardCounter;
import org.hourtap.card.CardJournal;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.card.CardStep;
import org.hourtap.contract.CardRecord;
import org.jspecify.annotations.Nullable;

/// A card in someone's pocket: a counter, its newest records, and the moment in which it takes one
/// in, all or nothing. It can be pulled at every step.
final class PocketCard {
    final List<CardRecord> records = new ArrayList<>();
    long counter;

    /// The card as it is now, to be put back later by someone who can copy silicon.
    PocketCard image() {
        PocketCard image = new PocketCard();
        image.records.addAll(records);
        image.counter = counter;
        return image;
    }

    /// One presentation.
    CardJournal held(Steps steps) {
        return new Session(steps);
    }

    static String mac(long counter) {
        return "%016x".formatted(counter * 0x9E3779B97F4A7C15L);
    }

    /// What happens at one step of the card.
    @FunctionalInterface
    private interface Work<T> {
        T run();
    }

    private final class Session implements CardJournal {
        private final Steps steps;
        private @Nullable CardRecord pending;
        private boolean isOver;

        Session(Steps steps) {
            this.steps = steps;
        }

        @Override
        public CardCounter counter() throws CardLostException, CardRefusedException {
            return step("counter", () -> new CardCounter(counter, mac(counter)));
        }

        @Override
        public List<CardRecord> newest(int count) throws CardLostException, CardRefusedException {
            return step(
                    "newest",
                    () ->
                            List.copyOf(
                                    records.subList(
                                            Math.max(0, records.size() - count), records.size())));
        }

        @Override
        public void append(CardRecord record) throws CardLostException, CardRefusedException {
            step(
                    "append",
                    () -> {
                        pending = record;
                        return record;
                    });
        }

        @Override
        public CardCounter commit() throws CardLostException, CardRefusedException {
            return step(
                    "commit",
                    () -> {
                        CardRecord record = pending;
                        if (record == null) {
                            throw new IllegalStateException("nothing to commit");
                        }
                        pending = null;
                        records.add(record);
                        if (records.size() > CAPACITY) {
                            records.removeFirst();
                        }
                        counter++;
                        return new CardCounter(counter, mac(counter));
                    });
        }

        private <T> T step(String name, Work<T> work)
                throws CardLostException, CardRefusedException {
            if (isOver) {
                throw new CardLostException("the session is over");
            }
            isOver = true; // unless all goes well
            try {
                steps.before(name);
                T result = work.run();
                steps.after(name);
                isOver = false;
                return result;
            } catch (Mishap.CardTrouble trouble) {
                if (trouble.how == Mishap.How.PULLED) {
                    throw new CardLostException(String.valueOf(trouble.getMessage()), trouble);
                }
                throw new CardRefusedException(
                        CardStep.SESSION, String.valueOf(trouble.getMessage()));
            }
        }
    }
}
