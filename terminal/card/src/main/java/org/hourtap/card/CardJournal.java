package org.hourtap.card;

import java.util.List;
import org.hourtap.contract.CardRecord;

/// The last taps a card carries, in a session with the card. Confined to whoever drives the card,
/// valid for one presentation of it.
///
/// Any failure ends the session. What was appended and not committed is then gone from the card.
public interface CardJournal {
    /// How many taps a card keeps; older ones are overwritten.
    int CAPACITY = 16;

    /// The card's transaction counter now, and the MAC of its newest tap.
    CardCounter counter() throws CardLostException, CardRefusedException;

    /// The newest records, oldest first; fewer when the card holds fewer.
    ///
    /// @param count 1 to [#CAPACITY]
    /// @throws CardRefusedException also when a record is none of ours
    List<CardRecord> newest(int count) throws CardLostException, CardRefusedException;

    /// Hands the card a record. Nothing is on the card before [#commit]: whatever this throws, the
    /// card is as it was. One record for each commit.
    void append(CardRecord record) throws CardLostException, CardRefusedException;

    /// Makes the card take in what was appended, all or nothing.
    ///
    /// @return the counter after it
    /// @throws CardLostException whenever the outcome is unknown: the answer was lost, or it came
    ///   and proves nothing (a yes with a wrong MAC). The card may have taken the record in or not,
    ///   and its newest record says which
    /// @throws CardRefusedException only when the card clearly said no: it did not take it in
    CardCounter commit() throws CardLostException, CardRefusedException;
}
