package org.hourtap.card.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a card remembers as long as it has power: what is selected, who has proved a key, and the
/// transaction that is not committed yet.
final class Conversation {
    static final int NOBODY = -1;

    /// The card itself rather than one of its applications.
    static final int ROOT = 0;

    private CardMemory memory;
    private int selected = ROOT;
    private @Nullable CardSession session;
    private int authenticated = NOBODY;
    private final ByteArrayOutputStream transaction = new ByteArrayOutputStream();

    Conversation(CardMemory memory) {
        this.memory = memory;
    }

    CardMemory memory() {
        return memory;
    }

    /// Another memory, as when a card's image is written back.
    void replaceMemory(CardMemory other) {
        memory = other;
        select(ROOT);
    }

    void select(int application) {
        endSession();
        selected = application;
    }

    boolean isRoot() {
        return selected == ROOT;
    }

    int selected() {
        return selected;
    }

    /// The selected application; file commands are denied on the card's own level.
    CardApplication application() throws Refusal {
        @Nullable CardApplication application = memory.applications.get(selected);
        if (application == null) {
            throw new Refusal(Status.DENIED);
        }
        return application;
    }

    /// The keys of what is selected.
    CardKeys keys() {
        return isRoot()
                ? memory.keys
                : Objects.requireNonNull(memory.applications.get(selected)).keys;
    }

    @Nullable CardSession session() {
        return session;
    }

    /// The key number of the session, or [#NOBODY].
    int authenticated() {
        return authenticated;
    }

    void open(CardSession newSession, int keyNumber) {
        session = newSession;
        authenticated = keyNumber;
    }

    /// Between the two passes of an authentication nobody is authenticated.
    void suspend() {
        authenticated = NOBODY;
    }

    /// Ends the session, and with it the transaction.
    void endSession() {
        session = null;
        authenticated = NOBODY;
        rollBack();
    }

    void requireMaster() throws Refusal {
        if (authenticated != 0) {
            throw new Refusal(authenticated == NOBODY ? Status.AUTHENTICATION : Status.DENIED);
        }
    }

    /// How a command on a file travels, if one of these rights allows it.
    Comm allowed(CardFile file, Access... oneOf) throws Refusal {
        boolean free = false;
        for (Access access : oneOf) {
            int key = access.keyIn(file.rights);
            if (key == authenticated && key < Access.FREE) {
                return file.comm;
            }
            free |= key == Access.FREE;
        }
        if (free) {
            return Comm.PLAIN;
        }
        throw new Refusal(authenticated == NOBODY ? Status.AUTHENTICATION : Status.DENIED);
    }

    /// A value command enters the transaction's MAC.
    void noteValue(int instruction, int file, byte[] value) {
        byte[] entry = CardCrypto.join(CardCrypto.bytes(instruction, file), value);
        transaction.writeBytes(filled(entry));
    }

    /// A read or write enters the transaction's MAC: instruction, file and two numbers of three
    /// bytes, then the data.
    void noteData(int instruction, byte[] header, byte[] data) {
        byte[] entry = CardCrypto.join(CardCrypto.bytes(instruction), header);
        transaction.writeBytes(filled(entry));
        transaction.writeBytes(filled(data));
    }

    private static byte[] filled(byte[] entry) {
        return Arrays.copyOf(entry, (entry.length + 15) / 16 * 16);
    }

    boolean hasTransaction() throws Refusal {
        return transaction.size() > 0 || application().isPending();
    }

    void commit() throws Refusal {
        application().commit(memory.uid, transaction.toByteArray());
        transaction.reset();
    }

    void rollBack() {
        memory.rollBack();
        transaction.reset();
    }
}
