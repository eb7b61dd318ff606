package org.hourtap.card.testing;

import static org.hourtap.card.testing.CardCrypto.bytes;
import static org.hourtap.card.testing.CardCrypto.lowFirst;
import static org.hourtap.card.testing.CardCrypto.number;

import java.util.Arrays;
import java.util.Optional;

/// What is read from and written to files, and the transaction around it.
final class FileCommands {
    private static final int DATA_HEADER = 7;
    private static final int COUNTER_AND_MAC = 12;

    private final Conversation conversation;

    FileCommands(Conversation conversation) {
        this.conversation = conversation;
    }

    byte[] settings(Call call) throws Refusal {
        CardApplication application = conversation.application();
        if (!application.keys.allows(CardKeys.LIST_FREELY)) {
            conversation.requireMaster();
        }
        CardFile file = application.file(call.at(0));
        call.open(Comm.MAC, 1, 0);
        return call.seal(file.settings());
    }

    byte[] value(Call call) throws Refusal {
        int number = call.at(0);
        ValueFile file = conversation.application().file(number, ValueFile.class);
        Comm comm = conversation.allowed(file, Access.READ, Access.WRITE, Access.BOTH);
        call.open(comm, 1, 0);
        byte[] value = lowFirst(file.value(), 4);
        conversation.noteValue(call.instruction, number, value);
        return call.seal(value);
    }

    byte[] credit(Call call) throws Refusal {
        return change(call, ValueFile::credit, Access.BOTH);
    }

    byte[] limitedCredit(Call call) throws Refusal {
        return change(call, ValueFile::limitedCredit, Access.WRITE, Access.BOTH);
    }

    byte[] debit(Call call) throws Refusal {
        return change(call, ValueFile::debit, Access.READ, Access.WRITE, Access.BOTH);
    }

    private interface Change {
        void on(ValueFile file, int amount) throws Refusal;
    }

    private byte[] change(Call call, Change change, Access... oneOf) throws Refusal {
        int number = call.at(0);
        ValueFile file = conversation.application().file(number, ValueFile.class);
        byte[] clear = call.open(conversation.allowed(file, oneOf), 1, 4);
        change.on(file, number(clear, 1, 4));
        conversation.noteValue(call.instruction, number, Arrays.copyOfRange(clear, 1, 5));
        return call.seal();
    }

    byte[] readData(Call call) throws Refusal {
        CardFile file = conversation.application().file(call.at(0));
        byte[] content =
                switch (file) {
                    case DataFile data -> data.content();
                    case CounterFile counter -> counter.content();
                    case ValueFile _, RecordFile _ -> throw new Refusal(Status.DENIED);
                };
        byte[] header =
                call.open(conversation.allowed(file, Access.READ, Access.BOTH), DATA_HEADER, 0);
        int offset = call.number(1);
        int length = call.number(4) == 0 ? content.length - offset : call.number(4);
        if (length <= 0 || offset + length > content.length) {
            throw new Refusal(Status.BOUNDARY);
        }
        byte[] part = Arrays.copyOfRange(content, offset, offset + length);
        // Whether a read of the counter itself counts is not published: it does here, so that a
        // reader which would only work if it does not is found out.
        note(call, header, part);
        return call.seal(part);
    }

    byte[] writeData(Call call) throws Refusal {
        DataFile file = conversation.application().file(call.at(0), DataFile.class);
        byte[] clear = written(call, file);
        byte[] data = Arrays.copyOfRange(clear, DATA_HEADER, clear.length);
        file.write(call.number(1), data);
        note(call, clear, data);
        return call.seal();
    }

    byte[] readRecords(Call call) throws Refusal {
        RecordFile file = conversation.application().file(call.at(0), RecordFile.class);
        byte[] header =
                call.open(conversation.allowed(file, Access.READ, Access.BOTH), DATA_HEADER, 0);
        byte[] records = file.read(call.number(1), call.number(4));
        note(call, header, records);
        return call.seal(records);
    }

    byte[] writeRecord(Call call) throws Refusal {
        RecordFile file = conversation.application().file(call.at(0), RecordFile.class);
        byte[] clear = written(call, file);
        byte[] data = Arrays.copyOfRange(clear, DATA_HEADER, clear.length);
        file.write(call.number(1), data);
        note(call, clear, data);
        return call.seal();
    }

    private byte[] written(Call call, CardFile file) throws Refusal {
        Comm comm = conversation.allowed(file, Access.WRITE, Access.BOTH);
        int length = call.number(4);
        if (length == 0) {
            throw new Refusal(Status.PARAMETER);
        }
        return call.open(comm, DATA_HEADER, length);
    }

    private void note(Call call, byte[] header, byte[] data) {
        conversation.noteData(call.instruction, Arrays.copyOf(header, DATA_HEADER), data);
    }

    byte[] clearRecords(Call call) throws Refusal {
        int number = call.at(0);
        RecordFile file = conversation.application().file(number, RecordFile.class);
        conversation.allowed(file, Access.WRITE, Access.BOTH);
        call.open(Comm.MAC, 1, 0);
        file.clear();
        conversation.noteValue(call.instruction, number, new byte[0]);
        return call.seal();
    }

    /// With option 01 the answer is the counter and its MAC.
    byte[] commit(Call call) throws Refusal {
        CardApplication application = conversation.application();
        int plainLength = conversation.session() instanceof Ev2Session ? 8 : 0;
        boolean option = call.length() == plainLength + 1;
        byte[] clear = call.open(Comm.MAC, option ? 1 : 0, 0);
        boolean told = option && clear[0] == 1;
        Optional<CounterFile> counter = application.counterFile();
        if (option && clear[0] >> 1 != 0) {
            throw new Refusal(Status.PARAMETER);
        }
        if (told && counter.isEmpty()) {
            throw new Refusal(Status.DENIED);
        }
        if (!conversation.hasTransaction()) {
            throw new Refusal(Status.NO_CHANGES);
        }
        conversation.commit();
        byte[] answer = told ? counter.orElseThrow().content() : bytes();
        return call.seal(Arrays.copyOf(answer, told ? COUNTER_AND_MAC : 0));
    }

    byte[] abort(Call call) throws Refusal {
        conversation.application();
        call.open(Comm.MAC, 0, 0);
        if (!conversation.hasTransaction()) {
            throw new Refusal(Status.NO_CHANGES);
        }
        conversation.rollBack();
        return call.seal();
    }
}
