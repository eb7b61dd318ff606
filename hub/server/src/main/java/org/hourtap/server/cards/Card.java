package org.hourtap.server.cards;

import java.util.Locale;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.jspecify.annotations.Nullable;

/// A card in someone's hands.
///
/// @param leastProof the weakest proof it is taken at
/// @param counted which of its taps are in the books, by its own count
/// @param allowance minutes it may still spend, for a card lent to a helper; below zero when doors
///   without a link let it spend more; absent without such a limit
public record Card(
        CardId id,
        MemberId member,
        FeedRow.Status status,
        TapEvent.Proof leastProof,
        Counted counted,
        @Nullable Long allowance) {
    /// What is asked of a card unless someone says otherwise: all that new cards can prove.
    public static final TapEvent.Proof USUAL_PROOF = TapEvent.Proof.DESFIRE_EV2;

    static final String NO_ALLOWANCE =
            "An allowance is a number of minutes from 0 up, or none for no limit.";

    public Card {
        if (leastProof == TapEvent.Proof.NONE) {
            throw new IllegalArgumentException(
                    "A card has to prove something: DESFIRE_EV2, DESFIRE_EV1, NTAG_424 or"
                            + " UID_ONLY.");
        }
    }

    /// A card that nobody has tapped yet.
    public static Card fresh(
            CardId id, MemberId member, TapEvent.Proof leastProof, @Nullable Long allowance) {
        if (!isAllowance(allowance)) {
            throw new IllegalArgumentException(NO_ALLOWANCE);
        }
        return new Card(id, member, FeedRow.Status.ACTIVE, leastProof, Counted.NONE, allowance);
    }

    /// @return whether someone may have meant this
    static boolean isAllowance(@Nullable Long minutes) {
        return minutes == null || (minutes >= 0 && minutes <= Credits.MINUTES_MAX);
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
