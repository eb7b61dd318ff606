package org.hourtap.smartcardio;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.smartcardio.CardException;
import org.jspecify.annotations.Nullable;

/// The functions of `libpcsclite.so.1`, bound once per JVM at first use.
///
/// Every integer of the C API is a `long` of C (DWORD, LONG, SCARDCONTEXT, SCARDHANDLE): 8 bytes on
/// 64-bit Linux, 4 on 32-bit. The binding takes and gives Java longs and converts by [Dword].
///
/// The calls with a handle go through a [HandleGate]. Those that take a context alone need none:
/// pcsc-lite finds it under its own lock.
final class PcscLibrary {
    private static final String FILE = "libpcsclite.so.1";

    /// Only a success is remembered: the library may be installed while the program runs.
    private static final AtomicReference<@Nullable PcscLibrary> LOADED = new AtomicReference<>();

    private final HandleGate gate = new HandleGate();
    private final MethodHandle establishContext;
    private final MethodHandle releaseContext;
    private final MethodHandle listReaders;
    private final MethodHandle getStatusChange;
    private final MethodHandle connect;
    private final MethodHandle disconnect;
    private final MethodHandle status;
    private final MethodHandle transmit;
    private final MethodHandle control;

    private PcscLibrary(SymbolLookup symbols) {
        var dword = Dword.LAYOUT;
        establishContext = bind(symbols, "SCardEstablishContext", dword, ADDRESS, ADDRESS, ADDRESS);
        releaseContext = bind(symbols, "SCardReleaseContext", dword);
        listReaders = bind(symbols, "SCardListReaders", dword, ADDRESS, ADDRESS, ADDRESS);
        getStatusChange = bind(symbols, "SCardGetStatusChange", dword, dword, ADDRESS, dword);
        connect = bind(symbols, "SCardConnect", dword, ADDRESS, dword, dword, ADDRESS, ADDRESS);
        disconnect = bind(symbols, "SCardDisconnect", dword, dword);
        status =
                bind(
                        symbols,
                        "SCardStatus",
                        dword,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS);
        transmit =
                bind(
                        symbols,
                        "SCardTransmit",
                        dword,
                        ADDRESS,
                        ADDRESS,
                        dword,
                        ADDRESS,
                        ADDRESS,
                        ADDRESS);
        control =
                bind(
                        symbols,
                        "SCardControl",
                        dword,
                        dword,
                        ADDRESS,
                        dword,
                        ADDRESS,
                        dword,
                        ADDRESS);
    }

    static PcscLibrary load() throws CardException {
        var loaded = LOADED.get();
        if (loaded != null) {
            return loaded;
        }
        // One for all threads, because there is one gate in it.
        LOADED.compareAndSet(null, load(FILE));
        return Objects.requireNonNull(LOADED.get(), "set above");
    }

    @SuppressWarnings("restricted") // the whole point of this class
    static PcscLibrary load(String file) throws CardException {
        try {
            return new PcscLibrary(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new CardException(
                    file + " cannot be loaded; install the Debian package libpcsclite1", e);
        } catch (IllegalCallerException | UnsupportedOperationException e) {
            throw new CardException(
                    "this JVM may not call "
                            + file
                            + "; start it with --enable-native-access=ALL-UNNAMED",
                    e);
        }
    }

    int establishContext(long scope, MemorySegment context) {
        return gate.change(() ->
                call(establishContext, scope, MemorySegment.NULL, MemorySegment.NULL, context));
    }

    int releaseContext(long context) {
        return gate.change(() -> call(releaseContext, context));
    }

    int listReaders(long context, MemorySegment names, MemorySegment length) {
        return call(listReaders, context, MemorySegment.NULL, names, length);
    }

    int getStatusChange(long context, long timeoutMillis, MemorySegment states, long count) {
        return call(getStatusChange, context, timeoutMillis, states, count);
    }

    int connect(
            long context,
            MemorySegment reader,
            ConnectMode mode,
            MemorySegment card,
            MemorySegment protocol) {
        return gate.change(() ->
                call(connect, context, reader, mode.share(), mode.protocols(), card, protocol));
    }

    int disconnect(long card, long disposition) {
        return gate.change(() -> call(disconnect, card, disposition));
    }

    int atr(
            long card,
            MemorySegment state,
            MemorySegment protocol,
            MemorySegment atr,
            MemorySegment length) {
        return gate.lookUp(() ->
                call(
                        status,
                        card,
                        MemorySegment.NULL,
                        MemorySegment.NULL,
                        state,
                        protocol,
                        atr,
                        length));
    }

    int transmit(
            long card,
            MemorySegment protocolHeader,
            MemorySegment command,
            MemorySegment answer,
            MemorySegment answerLength) {
        return gate.lookUp(() ->
                call(
                        transmit,
                        card,
                        protocolHeader,
                        command,
                        command.byteSize(),
                        MemorySegment.NULL,
                        answer,
                        answerLength));
    }

    int control(
            long card,
            long code,
            MemorySegment command,
            MemorySegment answer,
            MemorySegment answerLength) {
        return gate.lookUp(() ->
                call(
                        control,
                        card,
                        code,
                        command,
                        command.byteSize(),
                        answer,
                        answer.byteSize(),
                        answerLength));
    }

    /// A handle that takes an array of boxed arguments, whatever the width of C's long, and gives a
    /// Java long.
    @SuppressWarnings("restricted")
    private static MethodHandle bind(
            SymbolLookup symbols, String name, MemoryLayout... parameters) {
        var handle =
                Linker.nativeLinker()
                        .downcallHandle(
                                symbols.findOrThrow(name),
                                FunctionDescriptor.of(Dword.LAYOUT, parameters));
        List<Class<?>> wide =
                Stream.of(parameters)
                        .<Class<?>>map(
                                layout -> layout.equals(ADDRESS) ? MemorySegment.class : long.class)
                        .toList();
        return MethodHandles.explicitCastArguments(
                        handle,
                        MethodType.methodType(long.class, Collections.unmodifiableList(wide)))
                .asSpreader(Object[].class, parameters.length);
    }

    private static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) (long) function.invokeExact(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError("a C function cannot throw", e);
        }
    }
}
