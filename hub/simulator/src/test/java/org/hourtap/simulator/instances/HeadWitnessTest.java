package org.hourtap.simulator.instances;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.contract.TerminalId;
import org.hourtap.device.sqlite.HeadView;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.Hub;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.Sql;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.certificates.HeadKey;
import org.hourtap.simulator.demo.Waiting;
import org.hourtap.tap.StoreException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A hub with its broker and a terminal's link and store, over TLS.
@Timeout(120)
class HeadWitnessTest {
    private static final int CACHE_KILOBYTES = 1_000;

    @TempDir Path folder;

    @Test
    void whatATerminalKeptShowsThatTheBooksWereChangedAfterwards() throws Exception {
        Path data = folder.resolve("hub");
        DataFolder.make(data);
        Township town = Township.of(1, 1);
        BookId book = town.books().getFirst();
        TerminalId terminal = town.doors().keySet().iterator().next();
        town.build(
                LedgerStore.of(data.resolve("hub.db")),
                CertificateAuthority.open(
                        data.resolve("certificates"), List.of(), false, SystemTime::wallMicros),
                folder);
        Files.writeString(
                data.resolve("hub.properties"),
                "book=" + book + "\nhttp.port=0\nmqtt.host=127.0.0.1\nmqtt.port=0\n");
        HeadView kept = new HeadView(folder.resolve(terminal.value()).resolve("terminal.db"));
        try (Hub hub = Hub.start(data);
                Door door =
                        Door.open(
                                "ssl://localhost:" + hub.mqttPort(),
                                book,
                                terminal,
                                folder.resolve(terminal.value()),
                                List.of(Township.card(0, 0)),
                                Duration.ofHours(1),
                                new SplittableRandom(7))) {
            door.shut();
            assertThat(Waiting.until(Duration.ofSeconds(60), () -> hasOne(kept)))
                    .as("a head came")
                    .isTrue();
        }
        SignedHead head = kept.kept().getFirst();
        assertThat(head.number()).isEqualTo(Township.PEOPLE_PER_BOOK);
        assertThat(HeadKey.isSigned(HeadKey.read(data.resolve("certificates")).publicKey(), head))
                .isTrue();
        assertThat(isInTheBooks(data, head)).isTrue();
        try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + data + "/hub.db");
                Statement statement = raw.createStatement()) {
            statement.execute("DROP TRIGGER transfer_remains");
            statement.executeUpdate("DELETE FROM transfer WHERE sequence = " + head.number());
        }
        assertThat(isInTheBooks(data, head)).isFalse();
    }

    private static boolean hasOne(HeadView kept) {
        try {
            return !kept.kept().isEmpty();
        } catch (StoreException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isInTheBooks(Path data, SignedHead head) throws Exception {
        try (Sqlite sqlite = Sqlite.openReadOnly(data.resolve("hub.db"), CACHE_KILOBYTES)) {
            return ChainCheck.holds(new Sql(sqlite), head.head());
        }
    }
}
