package org.hourtap.simulator.demo;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hourtap.smartcardio.testing.PcscDaemon;
import org.hourtap.smartcardio.testing.VirtualReader;
import org.jspecify.annotations.Nullable;

/// The readers of all terminals, and whatever must run for them.
public final class Readers implements AutoCloseable {
    /// pcscd holds 16 slots, and every virtual reader has two.
    private static final int PCSC_MAX = 8;

    private final List<VirtualReader> readers;
    private final List<VirtualReader> pcsc;
    private final @Nullable PcscDaemon daemon;
    private final String because;

    private Readers(
            List<VirtualReader> readers,
            List<VirtualReader> pcsc,
            @Nullable PcscDaemon daemon,
            String because) {
        this.readers = readers;
        this.pcsc = pcsc;
        this.daemon = daemon;
        this.because = because;
    }

    /// @param wanted `pcsc`, `in-process`, or `auto`: the first that works
    /// @param names one reader for each terminal; those for which pcscd has no room are in-process
    /// @throws IllegalStateException if pcsc was asked for and cannot be had, with the reason
    static Readers open(String wanted, List<String> names) {
        List<VirtualReader> readers = VirtualReader.onFreePorts(names.toArray(String[]::new));
        String chosen = wanted.toLowerCase(Locale.ROOT);
        Optional<String> unavailable =
                chosen.equals("in-process") ? Optional.of("as asked") : PcscDaemon.unavailable();
        if (unavailable.isEmpty()) {
            List<VirtualReader> pcsc = readers.subList(0, Math.min(PCSC_MAX, readers.size()));
            return new Readers(readers, pcsc, PcscDaemon.start(pcsc), "");
        }
        if (chosen.equals("pcsc")) {
            throw new IllegalStateException("--reader pcsc: " + unavailable.get());
        }
        return new Readers(readers, List.of(), null, unavailable.get());
    }

    public ReaderKind kindOf(VirtualReader reader) {
        return pcsc.contains(reader) ? ReaderKind.PCSC : ReaderKind.IN_PROCESS;
    }

    VirtualReader named(String name) {
        return readers.stream()
                .filter(reader -> reader.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no reader " + name));
    }

    /// @return the pcscd behind the readers, if there is one
    public Optional<PcscDaemon> daemon() {
        return Optional.ofNullable(daemon);
    }

    /// @return a line that says which kind it is, and why
    String description() {
        if (pcsc.isEmpty()) {
            return "Virtual cards go through a reader inside each terminal (" + because + ").";
        }
        return "Virtual cards go through the real pcscd and vpcd"
                + (pcsc.size() == readers.size()
                        ? "."
                        : " at the first "
                                + pcsc.size()
                                + " terminals, through a reader inside the terminal at the rest.");
    }

    @Override
    public void close() {
        if (daemon != null) {
            daemon.close();
        }
    }
}
