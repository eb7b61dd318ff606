package org.hourtap.server.cards;

import java.util.List;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;
import org.jspecify.annotations.Nullable;

/// The transaction MACs that only a card and the hub can make. A terminal that invents a tap, or
/// changes one, cannot bring a right one for it.
@FunctionalInterface
public interface CardMacs {
    /// For a hub that was not given the key.
    CardMacs NONE =
            new CardMacs() {
                @Override
                public List<String> of(CardId card, CardRecord record) {
                    return List.of();
                }

                @Override
                public boolean isChecking() {
                    return false;
                }
            };

    /// What is known of a tap's MAC.
    enum Verdict {
        VERIFIED,
        WRONG,
        /// None came, or the hub has no key to check it with.
        UNCHECKED
    }

    /// @return the MAC this card gives this record, by each version of the key; none if the hub
    ///   cannot tell
    List<String> of(CardId card, CardRecord record);

    /// @return whether the hub has a key, so that a tap without a right MAC is worth a question
    default boolean isChecking() {
        return true;
    }

    /// Checks what came with a record, in 16 hexadecimal digits.
    default Verdict verdict(CardId card, @Nullable CardRecord record, @Nullable String mac) {
        if (record == null || mac == null) {
            return Verdict.UNCHECKED;
        }
        List<String> right = of(card, record);
        if (right.isEmpty()) {
            return Verdict.UNCHECKED;
        }
        return right.contains(mac) ? Verdict.VERIFIED : Verdict.WRONG;
    }
}
