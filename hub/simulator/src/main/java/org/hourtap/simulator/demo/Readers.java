package org.hourtap.simulator.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.jspecify.annotations.Nullable;

/// The readers of all terminals, and whatever must run for them.
public final class Readers implements AutoCloseable {
    private final ReaderKind kind;
    private final List<VirtualReader> readers;
    private final @Nullable PcscDaemon daemon;
    private final String because;

    private Readers(
            ReaderKind kind,
            List<VirtualReader> readers,
            @Nullable PcscDaemon daemon,
            String because) {
        this.kind = kind;
        this.readers = readers;
        this.daemon = daemon;
        this.because = because;
    }

    /// @param wanted `pcsc`, `in-process`, or `auto`: the first that works
    /// @param names one reader for each terminal
    /// @throws IllegalStateException if pcsc was asked for and cannot be had, with the reason
    static Readers open(String wanted, List<String> names) {
        List<VirtualReader> readers = VirtualReader.onFreePorts(names.toArray(String[]::new));
        String chosen = wanted.toLowerCase(Locale.ROOT);
        Optional<String> unavailable =
                chosen.equals("in-process") ? Optional.of("as asked") : PcscDaemon.unavailable();
        if (unavailable.isEmpty()) {
            return new Readers(ReaderKind.PCSC, readers, PcscDaemon.start(readers), "");
        }
        if (chosen.equals("pcsc")) {
            throw new IllegalStateException("--reader pcsc: " + unavailable.get());
        }
        return new Readers(ReaderKind.IN_PROCESS, readers, null, unavailable.get());
    }

    ReaderKind kind() {
        return kind;
    }

    VirtualReader named(String name) {
        return readers.stream()
                .filter(reader -> reader.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reader " + name));
    }

    /// @return the pcscd behind the readers, if there is one
    Optional<PcscDaemon> daemon() {
        return Optional.ofNullable(daemon);
    }

    /// @return a line that says which kind it is, and why
    String description() {
        return switch (kind) {
            case PCSC -> "Virtual cards go through the real pcscd and vpcd.";
            case IN_PROCESS ->
                    "Virtual cards go through a reader inside each terminal (" + because + ").";
        };
    }

    @Override
    public void close() {
        if (daemon != null) {
            daemon.close();
        }
    }
}
