package org.hourtap.card.testing;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Keys and files under one application id.
final class CardApplication {
    final CardKeys keys;
    private final TreeMap<Integer, CardFile> files = new TreeMap<>();

    CardApplication(CardKeys keys) {
        this.keys = keys;
    }

    CardApplication copy() {
        CardApplication copy = new CardApplication(keys.copy());
        files.forEach((number, file) -> copy.files.put(number, file.copy()));
        return copy;
    }

    Map<Integer, CardFile> files() {
        return files;
    }

    /// The file with this number and of this kind. A file of another kind denies the command.
    <F extends CardFile> F file(int number, Class<F> kind) throws Refusal {
        CardFile file = file(number);
        if (!kind.isInstance(file)) {
            throw new Refusal(Status.DENIED);
        }
        return kind.cast(file);
    }

    CardFile file(int number) throws Refusal {
        if (!files.containsKey(number)) {
            throw new Refusal(Status.NO_FILE);
        }
        return files.get(number);
    }

    Optional<CounterFile> counterFile() {
        return files.values().stream()
                .filter(CounterFile.class::isInstance)
                .map(CounterFile.class::cast)
                .findFirst();
    }

    boolean isPending() {
        return files.values().stream().anyMatch(CardFile::isPending);
    }

    void commit(byte[] uid, byte[] transactionInput) {
        files.values().forEach(CardFile::commit);
        counterFile().ifPresent(file -> file.count(uid, transactionInput));
    }

    void rollBack() {
        files.values().forEach(CardFile::rollBack);
    }
}
