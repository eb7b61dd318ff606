package org.hourtap.card;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.MalformedMessageException;

/// The journal on a DESFire EV2 or EV3, in the session that the spend key opened:
///
/// ```
/// counter   ReadData of the transaction MAC file
/// newest    ReadRecords, in pieces that fit one answer
/// append    AbortTransaction if anything was read, WriteRecord
/// commit    CommitTransaction, answered with the new counter and MAC
/// ```
///
/// What is read counts into the transaction's MAC like what is written. The abort drops it, so that
/// the hub can recompute the MAC from the record alone.
final class DesfireJournal implements CardJournal {
    /// Six records are 216 bytes on the wire. An answer has at most 256.
    private static final int RECORDS_PER_ANSWER = 6;

    private static final int ASK_FOR_MAC = 0x01;

    private static final long UNKNOWN = -1;

    /// Proves the key once more, which opens a new session on the card that is in the field.
    @FunctionalInterface
    interface Reopening {
        SecureChannel open() throws CardLostException, CardRefusedException;
    }

    private final Reopening reopening;
    private SecureChannel session;
    private long known = UNKNOWN;
    private boolean isRead;
    private boolean isAppended;

    DesfireJournal(SecureChannel session, Reopening reopening) {
        this.session = session;
        this.reopening = reopening;
    }

    SecureChannel session() {
        return session;
    }

    void close() {
        session.close();
    }

    @Override
    public CardCounter counter() throws CardLostException, CardRefusedException {
        requireNothingAppended();
        isRead = true;
        CardCounter counter =
                CardCounter.of(
                        session.exchange(
                                CommMode.MAC,
                                Instruction.READ_DATA,
                                header(CardLayout.TMAC_FILE, 0, CardCounter.LENGTH),
                                Bytes.NONE,
                                CardCounter.LENGTH));
        known = counter.value();
        return counter;
    }

    @Override
    public List<CardRecord> newest(int count) throws CardLostException, CardRefusedException {
        if (count < 1 || count > CAPACITY) {
            throw new IllegalArgumentException(
                    "a card has 1 to " + CAPACITY + " records to read, not " + count);
        }
        requireNothingAppended();
        if (known == UNKNOWN) {
            counter();
        }
        List<CardRecord> records = new ArrayList<>();
        // Asking for more records than there are is an error that would end the session.
        int older = (int) Math.min(count, known);
        while (older > 0) {
            int piece = Math.min(older, RECORDS_PER_ANSWER);
            older -= piece;
            // Records are numbered from the newest back, and come oldest first.
            byte[] answer =
                    session.exchange(
                            CommMode.FULL,
                            Instruction.READ_RECORDS,
                            header(CardLayout.RECORD_FILE, older, piece),
                            Bytes.NONE,
                            piece * CardRecord.LENGTH);
            for (int i = 0; i < piece; i++) {
                records.add(parsed(answer, i, older + piece - 1 - i));
            }
        }
        return List.copyOf(records);
    }

    private CardRecord parsed(byte[] answer, int position, int back) throws CardRefusedException {
        int start = position * CardRecord.LENGTH;
        try {
            return CardRecord.parse(Arrays.copyOfRange(answer, start, start + CardRecord.LENGTH));
        } catch (MalformedMessageException e) {
            session.close();
            CardRefusedException refused =
                    new CardRefusedException(
                            CardStep.JOURNAL,
                            "the card opens with our key, but tap %d before its newest is not one of ours: %s; give it back to be personalised anew"
                                    .formatted(back, e.getMessage()));
            refused.initCause(e);
            throw refused;
        }
    }

    @Override
    public void append(CardRecord record) throws CardLostException, CardRefusedException {
        requireNothingAppended();
        if (isRead) {
            dropWhatWasRead();
            isRead = false;
        }
        isAppended = true;
        session.exchange(
                CommMode.FULL,
                Instruction.WRITE_RECORD,
                CardLayout.wholeRecordHeader(),
                record.bytes(),
                0);
    }

    /// Whether reading the counter alone is a transaction, no published source says. A card to
    /// which it is none answers that there is nothing to abort and, like after any other error, is
    /// taken to have ended the session.
    private void dropWhatWasRead() throws CardLostException, CardRefusedException {
        try {
            session.exchange(
                    CommMode.MAC, Instruction.ABORT_TRANSACTION, Bytes.NONE, Bytes.NONE, 0);
        } catch (CardRefusedException e) {
            if (e.status().filter(StatusWord.NO_CHANGES::equals).isEmpty()) {
                throw e;
            }
            session = reopening.open();
        }
    }

    @Override
    public CardCounter commit() throws CardLostException, CardRefusedException {
        if (!isAppended) {
            throw new IllegalStateException("there is nothing to commit");
        }
        isAppended = false;
        try {
            CardCounter counter =
                    CardCounter.of(
                            session.exchange(
                                    CommMode.MAC,
                                    Instruction.COMMIT_TRANSACTION,
                                    Bytes.of(ASK_FOR_MAC),
                                    Bytes.NONE,
                                    CardCounter.LENGTH));
            known = counter.value();
            return counter;
        } catch (CardRefusedException e) {
            if (e.status().filter(StatusWord::isRefusal).isPresent()) {
                throw e;
            }
            // It said yes, or something that is neither yes nor no, in a way that proves nothing.
            throw new CardLostException("the answer to the commit cannot be believed", e);
        }
    }

    private void requireNothingAppended() {
        if (isAppended) {
            throw new IllegalStateException("a record waits to be committed");
        }
    }

    /// File, first byte or record, number of bytes or records.
    private static byte[] header(int file, int first, int count) {
        return Bytes.join(Bytes.of(file), Bytes.lsbFirst(first, 3), Bytes.lsbFirst(count, 3));
    }
}
