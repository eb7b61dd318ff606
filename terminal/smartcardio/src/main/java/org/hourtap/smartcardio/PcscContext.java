package org.hourtap.smartcardio;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.smartcardio.CardException;

/// One connection to pcscd. Made for one operation and closed after it: a restarted pcscd knows no
/// context of the one before, and closing it makes pcscd let go of every card handle opened in it.
/// Also, pcsc-lite lets only one thread at a time use a context, and a wait uses it for long.
final class PcscContext implements AutoCloseable {
    /// pcscd holds 16 readers; the rest is room for other builds of it.
    private static final int MAX_READERS = 64;

    /// pcsc-lite allows 128 bytes a name; one more NUL ends the list.
    private static final int MAX_NAMES = MAX_READERS * 128 + 1;

    private static final long SCOPE_SYSTEM = 2;
    private static final String NEW_READER = "\\\\?PnP?\\Notification";

    private static final int MAX_ATR = 33;
    private static final MemoryLayout READER_STATE =
            padded(
                    ADDRESS.withName("szReader"),
                    ADDRESS.withName("pvUserData"),
                    Dword.LAYOUT.withName("dwCurrentState"),
                    Dword.LAYOUT.withName("dwEventState"),
                    Dword.LAYOUT.withName("cbAtr"),
                    MemoryLayout.sequenceLayout(MAX_ATR, JAVA_BYTE).withName("rgbAtr"));
    private static final long CURRENT_STATE = offset("dwCurrentState");
    private static final long EVENT_STATE = offset("dwEventState");

    private final PcscLibrary library;
    private final long handle;

    private PcscContext(PcscLibrary library, long handle) {
        this.library = library;
        this.handle = handle;
    }

    static PcscContext open() throws CardException {
        var library = PcscLibrary.load();
        try (var arena = Arena.ofConfined()) {
            var handle = Dword.allocate(arena, 0);
            PcscError.check(
                    "SCardEstablishContext", library.establishContext(SCOPE_SYSTEM, handle));
            return new PcscContext(library, Dword.get(handle, 0));
        }
    }

    PcscLibrary library() {
        return library;
    }

    long handle() {
        return handle;
    }

    /// The names of the readers; none if pcscd has none.
    List<String> readers() throws CardException {
        try (var arena = Arena.ofConfined()) {
            var names = arena.allocate(MAX_NAMES);
            var length = Dword.allocate(arena, MAX_NAMES);
            var code = library.listReaders(handle, names, length);
            if (PcscError.SCARD_E_NO_READERS_AVAILABLE.is(code)) {
                return List.of();
            }
            PcscError.check("SCardListReaders", code);
            var text = names.asSlice(0, Dword.get(length, 0)).toArray(JAVA_BYTE);
            return Stream.of(new String(text, StandardCharsets.UTF_8).split("\0", -1))
                    .filter(name -> !name.isEmpty())
                    .toList();
        }
    }

    /// How the readers are now.
    List<ReaderState> states(List<String> names) throws CardException {
        return names.isEmpty()
                ? List.of()
                : statusChange(names.stream().map(ReaderState::unaware).toList(), 0);
    }

    ReaderState state(String name) throws CardException {
        var state = states(List.of(name)).getFirst();
        if (state.gone()) {
            throw readerGone();
        }
        return state;
    }

    /// Returns when something about these readers differs, a reader comes or goes, or the time is
    /// up. It may return for less: the caller looks for itself.
    void await(List<ReaderState> known, long timeoutMillis) throws CardException {
        var all = new ArrayList<>(known);
        all.add(new ReaderState(NEW_READER, (long) known.size() << 16));
        statusChange(all, timeoutMillis);
    }

    /// The same for one reader, without an ear for new ones. Returns how it is now.
    ReaderState await(ReaderState known, long timeoutMillis) throws CardException {
        var now = statusChange(List.of(known), timeoutMillis).getFirst();
        if (now.gone()) {
            throw readerGone();
        }
        return now;
    }

    private static CardException readerGone() {
        return PcscError.exception("SCardGetStatusChange", PcscError.SCARD_E_UNKNOWN_READER.code());
    }

    private List<ReaderState> statusChange(List<ReaderState> known, long timeoutMillis)
            throws CardException {
        try (var arena = Arena.ofConfined()) {
            var states = arena.allocate(READER_STATE, known.size());
            for (int i = 0; i < known.size(); i++) {
                var state = element(states, i);
                state.set(ADDRESS, 0, arena.allocateFrom(known.get(i).name()));
                Dword.set(state, CURRENT_STATE, known.get(i).awaited());
            }
            var code = library.getStatusChange(handle, timeoutMillis, states, known.size());
            if (PcscError.SCARD_E_TIMEOUT.is(code)) {
                return known;
            }
            PcscError.check("SCardGetStatusChange", code);
            var now = new ArrayList<ReaderState>();
            for (int i = 0; i < known.size(); i++) {
                now.add(
                        new ReaderState(
                                known.get(i).name(), Dword.get(element(states, i), EVENT_STATE)));
            }
            return now;
        }
    }

    @Override
    public void close() {
        // The answer does not matter: if pcscd is gone, so is the context.
        var _ = library.releaseContext(handle);
    }

    private static MemorySegment element(MemorySegment states, int index) {
        return states.asSlice(index * READER_STATE.byteSize(), READER_STATE.byteSize());
    }

    /// C pads a struct to a multiple of its widest member; here that is a pointer or a long, of the
    /// same width on every Linux.
    private static MemoryLayout padded(MemoryLayout... members) {
        long size = Stream.of(members).mapToLong(MemoryLayout::byteSize).sum();
        long padding = Math.floorMod(-size, ADDRESS.byteSize());
        return MemoryLayout.structLayout(
                Stream.concat(Stream.of(members), Stream.of(MemoryLayout.paddingLayout(padding)))
                        .toArray(MemoryLayout[]::new));
    }

    private static long offset(String member) {
        return READER_STATE.byteOffset(MemoryLayout.PathElement.groupElement(member));
    }
}
