package org.hourtap.device;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.hourtap.card.CardChannel;
import org.hourtap.card.CardLostException;
import org.hourtap.card.CommandApdu;
import org.hourtap.contract.CardId;
import org.jspecify.annotations.Nullable;

/// Remembers the number a card showed first, so that one which is then refused can still be named
/// in the journal.
final class UidWatch implements CardChannel {
    private static final byte[] READ_UID = CommandApdu.readUid().bytes();
    private static final int STATUS_LENGTH = 2;
    private static final int UID_LENGTH_MAX = 10;

    private final CardChannel card;
    private byte @Nullable [] uid;

    UidWatch(CardChannel card) {
        this.card = card;
    }

    @Override
    public byte[] transceive(byte[] command) throws CardLostException {
        byte[] answer = card.transceive(command);
        int length = answer.length - STATUS_LENGTH;
        boolean isUid = length > 0 && length <= UID_LENGTH_MAX && Arrays.equals(command, READ_UID);
        if (isUid && uid == null) {
            uid = Arrays.copyOf(answer, length);
        }
        return answer;
    }

    Optional<CardId> uid() {
        byte[] seen = uid;
        return seen == null
                ? Optional.empty()
                : Optional.of(new CardId(HexFormat.of().withUpperCase().formatHex(seen)));
    }
}
