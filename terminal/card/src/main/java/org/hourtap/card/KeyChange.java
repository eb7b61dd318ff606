package org.hourtap.card;

/// ChangeKey in its two forms. Our cards know the first only: there each key is changed by who
/// knows it.
final class KeyChange {
    private KeyChange() {}

    /// The key that the session stands on. Ends the session. An answer that is lost leaves the card
    /// with the old key or the new one; its key version tells which.
    static void ofOwn(SecureChannel session, int keyNumber, AesKey key, int version)
            throws CardLostException, CardRefusedException {
        byte[] value = key.copy();
        byte[] content = Bytes.join(value, Bytes.of(version));
        try {
            session.exchangeLast(
                    CommMode.FULL, Instruction.CHANGE_KEY, Bytes.of(keyNumber), content);
        } finally {
            Bytes.zero(value, content);
        }
    }

    /// Another key than the session's. Whoever changes it shows that he knows the old one.
    static void ofOther(SecureChannel session, int keyNumber, AesKey old, AesKey key, int version)
            throws CardLostException, CardRefusedException {
        byte[] value = key.copy();
        byte[] before = old.copy();
        byte[] mixed = value.clone();
        for (int i = 0; i < mixed.length; i++) {
            mixed[i] ^= before[i];
        }
        byte[] content = Bytes.join(mixed, Bytes.of(version), Bytes.lsbFirst(Crc32.of(value), 4));
        try {
            session.exchange(
                    CommMode.FULL, Instruction.CHANGE_KEY, Bytes.of(keyNumber), content, 0);
        } finally {
            Bytes.zero(value, before, mixed, content);
        }
    }
}
