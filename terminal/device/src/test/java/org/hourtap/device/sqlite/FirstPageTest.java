package org.hourtap.device.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hourtap.device.sqlite.DatabaseBytes.flipped;
import static org.hourtap.device.sqlite.DatabaseBytes.indexOf;
import static org.hourtap.device.testing.Taps.ALYS;
import static org.hourtap.device.testing.Taps.MORNING;
import static org.hourtap.device.testing.Taps.card;
import static org.hourtap.device.testing.Taps.keep;
import static org.hourtap.device.testing.Taps.pool;
import static org.hourtap.device.testing.Taps.spend;
import static org.hourtap.device.testing.Taps.tell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.Sqlite;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Flipped bits where the file says what tables there are. SQLite itself notices few of them.
@Timeout(600)
class FirstPageTest {
    private static final long TAPS = 5;

    /// The file's head is looked at bit by bit.
    private static final int HEAD = 100;

    private static final Logger QUIET = Logger.getLogger(Salvage.class.getName());

    @TempDir Path folder;

    @BeforeAll
    static void keepTheExpectedDamageOutOfTheLog() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void logAgain() {
        QUIET.setLevel(null);
    }

    @Test
    void noFlippedBitCostsATapOrKeepsTheDoorShut() throws Exception {
        byte[] sound = written();
        int texts = indexOf(sound, "CREATE", 0);
        List<String> wrong = new ArrayList<>();
        for (int bit = 0; bit < PageScan.PAGE * 8; bit++) {
            boolean isOfHead = bit < HEAD * 8;
            boolean isOfTexts = bit >= texts * 8;
            if (!isOfHead && bit % (isOfTexts ? 17 : 61) != 0) {
                continue;
            }
            clear();
            Files.write(file(), flipped(sound, bit));
            String found = worksAsBefore();
            if (!found.isEmpty()) {
                wrong.add("byte " + bit / 8 + " bit " + bit % 8 + ": " + found);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /// @return what is not as it was, empty if all is
    private String worksAsBefore() {
        try (SqliteStore store = open()) {
            for (int tries = 0; ; tries++) {
                try {
                    int held = store.after(0, 10).size();
                    long next = store.position().last() + 1;
                    keep(store, spend(next, ALYS, 1, false));
                    tell(store, next, card(ALYS, 600), pool(60));
                    store.purge(spend(next, ALYS, 1, false).at());
                    boolean isKnown = store.standing(ALYS, false).card() != null;
                    return held == TAPS && isKnown ? "" : held + " taps, known: " + isKnown;
                } catch (org.hourtap.tap.StoreException e) {
                    if (tries == 1) {
                        return String.valueOf(e.getMessage());
                    }
                }
            }
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void aNewerProgramsFileIsLeftToIt() throws Exception {
        written();
        try (Sqlite sqlite = Sqlite.open(file(), 100);
                var statement = sqlite.connection().createStatement()) {
            statement.execute("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY) STRICT");
            statement.execute("PRAGMA user_version = 4");
        }
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(this::open).isInstanceOf(NewerDatabaseException.class);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    private byte[] written() throws Exception {
        try (SqliteStore store = open()) {
            tell(store, 1, card(ALYS, 600), pool(60));
            for (long i = 1; i <= TAPS; i++) {
                keep(store, spend(i, ALYS, 1, false));
            }
        }
        return Files.readAllBytes(file());
    }

    private void clear() throws Exception {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path path : all.toList()) {
                Files.delete(path);
            }
        }
    }

    private Path file() {
        return folder.resolve("terminal.db");
    }

    private SqliteStore open() throws Exception {
        return SqliteStore.open(file(), () -> MORNING);
    }
}
