package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.join;
import static org.hourtap.card.testing.CardCrypto.lowFirst;
import static org.hourtap.card.testing.CardCrypto.number;

import java.util.Arrays;
import java.util.Map;

/// Applications and files come and go.
final class CardCommands {
    /// As many as a DESFire EV1 holds.
    private static final int MAX_APPLICATIONS = 28;

    private static final int MAX_KEYS = 14;
    private static final int MAX_FILE = 0x1F;

    /// What a 4K card has at most, far more than we use.
    private static final int MAX_BYTES = 4096;

    private static final int AES = 0x80;
    private static final int AES_KEY_TYPE = 0x02;

    private final Conversation conversation;

    CardCommands(Conversation conversation) {
        this.conversation = conversation;
    }

    byte[] select(Call call) throws Refusal {
        if (call.length() != 3) {
            throw new Refusal(Status.LENGTH);
        }
        int id = call.number(0);
        conversation.select(Conversation.ROOT);
        if (id != Conversation.ROOT && !conversation.memory().applications.containsKey(id)) {
            throw new Refusal(Status.NO_APPLICATION);
        }
        conversation.select(id);
        return new byte[0];
    }

    byte[] createApplication(Call call) throws Refusal {
        Map<Integer, CardApplication> applications = conversation.memory().applications;
        requireRoot();
        if (!conversation.keys().allows(CardKeys.CREATE_FREELY)) {
            conversation.requireMaster();
        }
        byte[] clear = call.open(Comm.MAC, 5, 0);
        int id = call.number(0);
        int count = clear[4] & 0x0F;
        if (id == Conversation.ROOT || (clear[4] & 0xF0) != AES || count < 1 || count > MAX_KEYS) {
            throw new Refusal(Status.PARAMETER);
        }
        if (applications.containsKey(id)) {
            throw new Refusal(Status.DUPLICATE);
        }
        if (applications.size() >= MAX_APPLICATIONS) {
            throw new Refusal(Status.TOO_MANY_APPLICATIONS);
        }
        applications.put(id, new CardApplication(new CardKeys(count, clear[3] & 0xFF)));
        return call.seal();
    }

    byte[] deleteApplication(Call call) throws Refusal {
        int id = call.number(0);
        boolean ownMaster =
                conversation.selected() == id
                        && conversation.memory().keys.allows(CardKeys.CREATE_FREELY);
        if (!ownMaster) {
            requireRoot();
        }
        conversation.requireMaster();
        call.open(Comm.MAC, 3, 0);
        if (id == Conversation.ROOT || !conversation.memory().applications.containsKey(id)) {
            throw new Refusal(Status.NO_APPLICATION);
        }
        byte[] answer = call.seal();
        if (ownMaster) {
            conversation.select(Conversation.ROOT);
            answer = new byte[0];
        }
        conversation.memory().applications.remove(id);
        return answer;
    }

    byte[] format(Call call) throws Refusal {
        requireRoot();
        conversation.requireMaster();
        call.open(Comm.MAC, 0, 0);
        conversation.memory().applications.clear();
        return call.seal();
    }

    byte[] applicationIds(Call call) throws Refusal {
        requireRoot();
        requireListing();
        call.open(Comm.MAC, 0, 0);
        byte[][] ids =
                conversation.memory().applications.keySet().stream()
                        .map(id -> lowFirst(id, 3))
                        .toArray(byte[][]::new);
        return call.seal(join(ids));
    }

    byte[] fileIds(Call call) throws Refusal {
        CardApplication application = conversation.application();
        requireListing();
        call.open(Comm.MAC, 0, 0);
        byte[][] ids =
                application.files().keySet().stream()
                        .map(id -> lowFirst(id, 1))
                        .toArray(byte[][]::new);
        return call.seal(join(ids));
    }

    private void requireListing() throws Refusal {
        if (!conversation.keys().allows(CardKeys.LIST_FREELY)) {
            conversation.requireMaster();
        }
    }

    private void requireRoot() throws Refusal {
        if (!conversation.isRoot()) {
            throw new Refusal(Status.DENIED);
        }
    }

    byte[] createData(Call call, boolean backup) throws Refusal {
        byte[] clear = open(call, 7, 0);
        int size = number(clear, 4, 3);
        return create(call, clear, new DataFile(comm(clear), rights(clear), backup, sized(size)));
    }

    byte[] createRecords(Call call) throws Refusal {
        byte[] clear = open(call, 10, 0);
        int length = sized(number(clear, 4, 3));
        int count = number(clear, 7, 3);
        if (count < 2) {
            throw new Refusal(Status.PARAMETER);
        }
        if (count > MAX_BYTES / length) {
            throw new Refusal(Status.NO_MEMORY);
        }
        return create(call, clear, new RecordFile(comm(clear), rights(clear), length, count));
    }

    byte[] createValue(Call call) throws Refusal {
        byte[] clear = open(call, 17, 0);
        int lower = number(clear, 4, 4);
        int upper = number(clear, 8, 4);
        int value = number(clear, 12, 4);
        if (lower > upper || value < lower || value > upper) {
            throw new Refusal(Status.BOUNDARY);
        }
        ValueFile.Limits limits = new ValueFile.Limits(lower, upper, (clear[16] & 1) != 0);
        return create(call, clear, new ValueFile(comm(clear), rights(clear), limits, value));
    }

    /// The file with the transaction counter; its key travels enciphered.
    byte[] createCounter(Call call) throws Refusal {
        byte[] clear = open(call, 5, 17);
        int rights = rights(clear);
        if (clear[4] != AES_KEY_TYPE || Access.WRITE.keyIn(rights) != Access.NEVER) {
            throw new Refusal(Status.PARAMETER);
        }
        if (conversation.application().counterFile().isPresent()) {
            throw new Refusal(Status.DUPLICATE);
        }
        byte[] key = Arrays.copyOfRange(clear, 5, 21);
        return create(call, clear, new CounterFile(comm(clear), rights, key, clear[21] & 0xFF));
    }

    private byte[] open(Call call, int header, int data) throws Refusal {
        if (!conversation.application().keys.allows(CardKeys.CREATE_FREELY) || data > 0) {
            conversation.requireMaster();
        }
        return call.open(data > 0 ? Comm.FULL : Comm.MAC, header, data);
    }

    private static Comm comm(byte[] clear) throws Refusal {
        return Comm.of(clear[1]);
    }

    private static int rights(byte[] clear) {
        return number(clear, 2, 2);
    }

    private static int sized(int size) throws Refusal {
        if (size == 0) {
            throw new Refusal(Status.PARAMETER);
        }
        if (size > MAX_BYTES) {
            throw new Refusal(Status.NO_MEMORY);
        }
        return size;
    }

    private byte[] create(Call call, byte[] clear, CardFile file) throws Refusal {
        int number = clear[0] & 0xFF;
        Map<Integer, CardFile> files = conversation.application().files();
        if (number > MAX_FILE) {
            throw new Refusal(Status.PARAMETER);
        }
        if (files.containsKey(number)) {
            throw new Refusal(Status.DUPLICATE);
        }
        files.put(number, file);
        return call.seal();
    }

    byte[] deleteFile(Call call) throws Refusal {
        CardApplication application = conversation.application();
        if (!application.keys.allows(CardKeys.CREATE_FREELY)) {
            conversation.requireMaster();
        }
        int number = call.at(0);
        application.file(number);
        call.open(Comm.MAC, 1, 0);
        application.files().remove(number);
        return call.seal();
    }
}
