package org.hourtap.server.cards;

import java.util.Locale;
import org.hourtap.contract.CardId;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;

/// A card in someone's hands.
///
/// @param leastProof the weakest proof it is taken at
public record Card(CardId id, MemberId member, FeedRow.Status status, TapEvent.Proof leastProof) {
    public Card {
        if (leastProof == TapEvent.Proof.NONE) {
            throw new IllegalArgumentException(
                    "A card has to prove something: DESFIRE_EV2, DESFIRE_EV1 or UID_ONLY.");
        }
    }

    /// Reads a card's number as people type it: any case, with or without colons and spaces.
    public static CardId number(String typed) {
        String hex = typed.replaceAll("[\\s:]", "").toUpperCase(Locale.ROOT);
        // ISO 14443-3: a UID has 4, 7 or 10 bytes.
        if (!hex.matches("[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20}")) {
            throw new IllegalArgumentException(
                    "A card's number is 8, 14 or 20 hexadecimal digits, such as 04782E21801D80.");
        }
        return new CardId(hex);
    }
}
