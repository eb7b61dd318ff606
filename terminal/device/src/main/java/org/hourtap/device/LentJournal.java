package org.hourtap.device;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.hourtap.card.CardCounter;
import org.hourtap.card.CardJournal;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CardRefusedException;
import org.hourtap.contract.CardRecord;

/// A card's journal in the hands of another thread, until it is taken back. The reader thread waits
/// while the tap thread speaks with the card; should it stop waiting, the tap thread must not go on
/// with a card that is being let go, or with the next person's.
final class LentJournal implements CardJournal {
    private final CardJournal journal;
    private final ReentrantLock using = new ReentrantLock();
    private boolean isBack; // guarded by `using`
    private boolean isCommitted; // guarded by `using`

    /// One exchange with the card.
    @FunctionalInterface
    private interface Exchange<T> {
        T run() throws CardLostException, CardRefusedException;
    }

    LentJournal(CardJournal journal) {
        this.journal = journal;
    }

    /// Waits for the exchange that is under way, and lets none follow: to whoever still holds this,
    /// the card has left.
    void takeBack() {
        using.lock();
        try {
            isBack = true;
        } finally {
            using.unlock();
        }
    }

    /// Whether the card took something in, so that its session still stands.
    boolean isCommitted() {
        using.lock();
        try {
            return isCommitted;
        } finally {
            using.unlock();
        }
    }

    @Override
    public CardCounter counter() throws CardLostException, CardRefusedException {
        return exchange(journal::counter);
    }

    @Override
    public List<CardRecord> newest(int count) throws CardLostException, CardRefusedException {
        return exchange(() -> journal.newest(count));
    }

    @Override
    public void append(CardRecord record) throws CardLostException, CardRefusedException {
        exchange(() -> {
            journal.append(record);
            return record;
        });
    }

    @Override
    public CardCounter commit() throws CardLostException, CardRefusedException {
        return exchange(() -> {
            CardCounter after = journal.commit();
            isCommitted = true;
            return after;
        });
    }

    private <T> T exchange(Exchange<T> exchange) throws CardLostException, CardRefusedException {
        using.lock();
        try {
            if (isBack) {
                throw new CardLostException("the tap took too long; the card was let go");
            }
            return exchange.run();
        } finally {
            using.unlock();
        }
    }
}
