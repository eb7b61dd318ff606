package org.hourtap.server.inbox;

import java.sql.SQLException;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.hourtap.contract.CarriedTap;
import org.hourtap.contract.Codec;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;

/// Whether a terminal and a card tell of the same tap. What both know has to agree; the card knows
/// nothing of clocks and activities.
final class SameTap {
    private SameTap() {}

    static boolean isTold(TapEvent told, CardId card, CardRecord carried) {
        if (!told.card().equals(card) || told.sequence() != carried.sequence()) {
            return false;
        }
        if (told.kind() == TapEvent.Kind.TORN) {
            return true;
        }
        boolean isCounter = told.stamp() == null || told.stamp().counter() == carried.counter();
        return isCounter
                && told.kind() == carried.kind()
                && told.minutes().equals(carried.minutes());
    }

    /// @param terminal the record's
    static boolean isKept(Taps.Kept known, CardId card, String terminal, CardRecord carried)
            throws SQLException {
        if (!known.card().equals(card.value()) || !known.terminal().equals(terminal)) {
            return false;
        }
        String record = known.record();
        return record != null ? record(record).equals(carried) : isTold(told(known), card, carried);
    }

    static CardRecord record(String kept) throws SQLException {
        try {
            return new CarriedTap(kept, null).parsed();
        } catch (MalformedMessageException e) {
            throw new SQLException("a card record in the database cannot be read", e);
        }
    }

    private static TapEvent told(Taps.Kept known) throws SQLException {
        try {
            return Codec.decodeEvent(known.text());
        } catch (MalformedMessageException e) {
            throw new SQLException("a tap in the database cannot be read", e);
        }
    }
}
