package org.hourtap.simulator.demo;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.hourtap.smartcardio.testing.VirtualReader;

/// What the demonstration changes in a terminal's settings after enrolment: where its network
/// cable, its reader and its screen are.
final class TerminalSettings {
    private TerminalSettings() {}

    static void write(
            Path data, int brokerPort, ReaderKind kind, VirtualReader reader, int screenPort)
            throws IOException {
        Path file = data.resolve("terminal.properties");
        Properties settings = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            settings.load(in);
        }
        settings.setProperty("mqtt.url", "ssl://127.0.0.1:" + brokerPort);
        settings.setProperty("screen.port", Integer.toString(screenPort));
        settings.setProperty("reconnect.max.seconds", "2");
        switch (kind) {
            case PCSC -> {
                settings.setProperty("reader.kind", "pcsc");
                settings.setProperty("reader.name", reader.name() + " 00 00");
            }
            case IN_PROCESS -> {
                settings.setProperty("reader.kind", "vpcd");
                settings.setProperty("reader.port", Integer.toString(reader.port()));
            }
        }
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
    }
}
