package org.hourtap.card;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A key ring in memory, one master key per key number, so that a terminal can be given the right
/// to spend without the right to credit. Zeroed on close.
public final class MasterKeys implements KeyRing, AutoCloseable {
    private final TreeMap<Integer, AesKey> masters = new TreeMap<>();

    /// Copies the keys; the caller zeroes its own arrays.
    public MasterKeys(Map<Integer, byte[]> byKeyNumber) {
        if (byKeyNumber.isEmpty()) {
            throw new IllegalArgumentException("a key ring needs at least one master key");
        }
        byKeyNumber.forEach((number, bytes) -> {
            if (number < 0 || number >= CardLayout.KEY_COUNT) {
                throw new IllegalArgumentException(
                        "key numbers are 0 to " + (CardLayout.KEY_COUNT - 1) + ", not " + number);
            }
            masters.put(number, AesKey.of(bytes));
        });
    }

    /// What a door terminal holds.
    public static MasterKeys forSpending(byte[] master) {
        return new MasterKeys(Map.of(CardLayout.SPEND_KEY, master));
    }

    @Override
    public boolean holds(int keyNumber) {
        return masters.containsKey(keyNumber);
    }

    @Override
    public AesKey cardKey(Uid uid, ApplicationId application, int keyNumber) {
        @Nullable AesKey master = masters.get(keyNumber);
        if (master == null) {
            throw new IllegalStateException("there is no master key for key number " + keyNumber);
        }
        return KeyDiversifier.diversify(master, KeyDiversifier.input(uid, application, keyNumber));
    }

    boolean isZeroed() {
        return masters.values().stream().allMatch(AesKey::isZeroed);
    }

    @Override
    public void close() {
        masters.values().forEach(AesKey::close);
    }

    @Override
    public String toString() {
        return "MasterKeys" + masters.keySet();
    }
}
