package org.hourtap.server.cards;

import java.util.ArrayList;
import java.util.List;
import org.hourtap.card.AesKey;
import org.hourtap.card.CardLayout;
import org.hourtap.card.KeyRing;
import org.hourtap.card.TransactionMac;
import org.hourtap.card.Uid;
import org.hourtap.contract.CardId;
import org.hourtap.contract.CardRecord;

/// Card MACs from the master key that cards' own keys were derived from.
public final class MasterMacs implements CardMacs {
    private final KeyRing keys;

    /// @param keys stays the caller's to close
    public MasterMacs(KeyRing keys) {
        this.keys = keys;
    }

    @Override
    public boolean isChecking() {
        return !keys.versions(CardLayout.TMAC_KEY).isEmpty();
    }

    @Override
    public List<String> of(CardId card, CardRecord record) {
        List<String> macs = new ArrayList<>();
        // Other numbers are of cards that sign nothing.
        if (!card.value().matches("[0-9A-F]{14}")) {
            return macs;
        }
        Uid uid = new Uid(card.value());
        for (int version : keys.versions(CardLayout.TMAC_KEY)) {
            try (AesKey key =
                    keys.cardKey(uid, CardLayout.APPLICATION, CardLayout.TMAC_KEY, version)) {
                macs.add(TransactionMac.of(key, uid, record));
            }
        }
        return macs;
    }
}
