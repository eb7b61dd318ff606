package org.hourtap.card;

import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A key ring in memory, one master key per key number and version, so that a terminal can be given
/// the right to spend without the right to credit. Zeroed on close.
public final class MasterKeys implements KeyRing, AutoCloseable {
    private final TreeMap<KeyName, AesKey> masters = new TreeMap<>();

    /// Copies the keys; the caller zeroes its own arrays.
    public MasterKeys(Map<KeyName, byte[]> byName) {
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("a key ring needs at least one master key");
        }
        byName.forEach((name, bytes) -> masters.put(name, AesKey.of(bytes)));
    }

    /// What a door terminal holds as long as no key was ever rolled.
    public static MasterKeys forSpending(byte[] master) {
        return new MasterKeys(Map.of(new KeyName(CardLayout.SPEND_KEY, 0), master));
    }

    @Override
    public boolean holds(int keyNumber) {
        return !versions(keyNumber).isEmpty();
    }

    @Override
    public SortedSet<Integer> versions(int keyNumber) {
        TreeSet<Integer> versions = new TreeSet<>();
        for (KeyName name : masters.keySet()) {
            if (name.number() == keyNumber) {
                versions.add(name.version());
            }
        }
        return Collections.unmodifiableSortedSet(versions);
    }

    @Override
    public AesKey cardKey(Uid uid, ApplicationId application, int keyNumber, int version) {
        KeyName name = new KeyName(keyNumber, version);
        @Nullable AesKey master = masters.get(name);
        if (master == null) {
            throw new IllegalStateException("there is no master key " + name);
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
