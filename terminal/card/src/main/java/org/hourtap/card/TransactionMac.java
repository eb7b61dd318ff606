package org.hourtap.card;

import java.util.Arrays;
import java.util.HexFormat;
import org.hourtap.contract.CardRecord;

/// The MAC (TMV) that a card puts on a transaction, recomputed: who knows the card's TMAC key can
/// tell a tap that the card took in from one that a terminal invented. The key is
/// `keys.cardKey(uid, CardLayout.APPLICATION, CardLayout.TMAC_KEY, version)`, and no door terminal
/// holds it.
///
/// ```
/// session key = CMAC(TMAC key, 5A 00 01 00 80 | counter 4 | UID 7)
/// MAC         = every second byte of CMAC(session key, 8B 01 000000 200000 00*8 | record 32)
/// ```
///
/// A transaction of ours is one record and nothing else: what was read before is dropped with
/// AbortTransaction, because reads would count as well.
public final class TransactionMac {
    /// What the card MACs begins with the command as it was sent, filled up to a block.
    private static final int COMMAND_LENGTH = AesCbc.BLOCK;

    private TransactionMac() {}

    /// @param record what was written; its counter is the one that the commit returned
    /// @return 16 lower-case hexadecimal digits
    public static String of(AesKey tmacKey, Uid uid, CardRecord record) {
        byte[] command =
                Bytes.join(Bytes.of(Instruction.WRITE_RECORD), CardLayout.wholeRecordHeader());
        byte[] transaction = Bytes.join(Arrays.copyOf(command, COMMAND_LENGTH), record.bytes());
        try (AesKey sessionKey = sessionKey(tmacKey, record.counter(), uid)) {
            return HexFormat.of().formatHex(Cmac.truncated(sessionKey, transaction));
        }
    }

    static AesKey sessionKey(AesKey tmacKey, long counter, Uid uid) {
        if (uid.length() != CardLayout.UID_LENGTH) {
            throw new IllegalArgumentException(
                    "transaction MACs are made for UIDs of 7 bytes, not " + uid);
        }
        byte[] vector =
                Bytes.join(
                        Bytes.of(0x5A, 0x00, 0x01, 0x00, 0x80),
                        Bytes.lsbFirst(counter, 4),
                        uid.bytes());
        return AesKey.taking(Cmac.of(tmacKey, vector));
    }
}
