package org.hourtap.device.cards;

import java.io.IOException;
import org.hourtap.device.pcsc.PcscCardReader;
import org.hourtap.device.pcsc.ReaderLights;
import org.hourtap.device.vpcd.VpcdCardReader;
import org.hourtap.runtime.SystemTime;
import org.hourtap.smartcardio.PcscLite;
import org.hourtap.tap.CardReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which reader the cards lie on.
final class ReaderOptions {
    private static final long NANOS_PER_MICRO = 1_000;

    @Option(
            names = "--reader",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Part of the reader's name, if there are several.")
    private String name = "";

    @Option(
            names = "--virtual-reader",
            paramLabel = "PORT",
            description = "Take virtual cards at this port instead, for a rehearsal.")
    private @Nullable Integer port;

    CardReader open() throws IOException {
        Integer virtual = port;
        return virtual == null
                ? new PcscCardReader(
                        new PcscLite(() -> SystemTime.bootMicros() * NANOS_PER_MICRO),
                        name,
                        ReaderLights.none())
                : VpcdCardReader.open(virtual, SystemTime::bootMicros);
    }
}
