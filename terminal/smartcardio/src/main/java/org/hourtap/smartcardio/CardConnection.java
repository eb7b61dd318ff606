package org.hourtap.smartcardio;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import javax.smartcardio.ATR;
import javax.smartcardio.CardException;

/// A card handle and the context it lives in: opened together, closed together.
///
/// Knows nothing of the rules of `javax.smartcardio`; [PcscCard] keeps them.
record CardConnection(PcscContext context, long card, long protocol, ATR atr) {
    private static final long LEAVE_CARD = 0;
    private static final long RESET_CARD = 1;

    /// The answer to an extended command: 65 536 bytes and the status word.
    private static final int MAX_EXTENDED_ANSWER = 65_538;

    /// The answer to a short command: 256 bytes and the status word. Cards that answer more than
    /// they were asked for exist, so the short form has room for twice that.
    private static final int MAX_SHORT_ANSWER = 2 * 258;

    /// The longest command a short APDU can be: header, Lc, 255 bytes, Le.
    private static final int MAX_SHORT_COMMAND = 261;

    /// What pcscd accepts from a reader driver in answer to a control command, and more than any
    /// reader sends.
    private static final int MAX_CONTROL_ANSWER = 4_096;

    private static final int MAX_ATR = 33;

    static CardConnection open(String reader, ConnectMode mode) throws CardException {
        var context = PcscContext.open();
        try {
            return open(context, reader, mode);
        } catch (CardException | RuntimeException e) {
            context.close();
            throw e;
        }
    }

    private static CardConnection open(PcscContext context, String reader, ConnectMode mode)
            throws CardException {
        var library = context.library();
        try (var arena = Arena.ofConfined()) {
            var card = Dword.allocate(arena, 0);
            var protocol = Dword.allocate(arena, 0);
            PcscError.check(
                    "SCardConnect",
                    library.connect(
                            context.handle(), arena.allocateFrom(reader), mode, card, protocol));
            var handle = Dword.get(card, 0);
            try {
                return new CardConnection(
                        context, handle, Dword.get(protocol, 0), readAtr(library, handle));
            } catch (CardException e) {
                var _ = library.disconnect(handle, LEAVE_CARD);
                throw e;
            }
        }
    }

    private static ATR readAtr(PcscLibrary library, long handle) throws CardException {
        try (var arena = Arena.ofConfined()) {
            var state = Dword.allocate(arena, 0);
            var protocol = Dword.allocate(arena, 0);
            var atr = arena.allocate(MAX_ATR);
            var length = Dword.allocate(arena, MAX_ATR);
            PcscError.check("SCardStatus", library.atr(handle, state, protocol, atr, length));
            return new ATR(atr.asSlice(0, Dword.get(length, 0)).toArray(JAVA_BYTE));
        }
    }

    byte[] transmit(byte[] command) throws CardException {
        var room =
                command.length > MAX_SHORT_COMMAND || extended(command)
                        ? MAX_EXTENDED_ANSWER
                        : MAX_SHORT_ANSWER;
        try (var arena = Arena.ofConfined()) {
            var answer = arena.allocate(room);
            var answerLength = Dword.allocate(arena, room);
            // SCARD_IO_REQUEST: the protocol and the size of this struct
            var header = arena.allocate(Dword.LAYOUT, 2);
            Dword.set(header, 0, protocol);
            Dword.set(header, Dword.SIZE, header.byteSize());
            PcscError.check(
                    "SCardTransmit",
                    context.library()
                            .transmit(
                                    card,
                                    header,
                                    arena.allocateFrom(JAVA_BYTE, command),
                                    answer,
                                    answerLength));
            return answer.asSlice(0, Dword.get(answerLength, 0)).toArray(JAVA_BYTE);
        }
    }

    /// Extended length: a zero where the short form has Lc, and more bytes after it (ISO 7816-4).
    private static boolean extended(byte[] command) {
        return command.length > 5 && command[4] == 0;
    }

    byte[] control(int code, byte[] command) throws CardException {
        try (var arena = Arena.ofConfined()) {
            var answer = arena.allocate(MAX_CONTROL_ANSWER);
            var answerLength = Dword.allocate(arena, 0);
            PcscError.check(
                    "SCardControl",
                    context.library()
                            .control(
                                    card,
                                    Integer.toUnsignedLong(code),
                                    arena.allocateFrom(JAVA_BYTE, command),
                                    answer,
                                    answerLength));
            return answer.asSlice(0, Dword.get(answerLength, 0)).toArray(JAVA_BYTE);
        }
    }

    /// Gives card and context back, in that order, whatever pcscd answers.
    ///
    /// @param reset to end what the card has authenticated; never after an error. A reset of a card
    ///   that has left makes pcscd give up the slot until it sees it empty, and the next member's
    ///   card, if it came quickly, is then not there for it
    void close(boolean reset) throws CardException {
        try {
            PcscError.check(
                    "SCardDisconnect",
                    context.library().disconnect(card, reset ? RESET_CARD : LEAVE_CARD));
        } finally {
            context.close();
        }
    }
}
