package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hourtap.server.books.TestBooks.ANN;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.hourtap.runtime.Sqlite;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A wrong byte in an index misleads about a transfer whose row is as it was: it is named as well.
class FileCheckTest {
    private static final int ROWS = 100;
    private static final int PAGE = 4_096;
    private static final int ID_BYTES = 16;

    @TempDir Path folder;
    private Path file;

    @BeforeEach
    void post() throws Exception {
        try (TestBooks books = TestBooks.furnished(folder)) {
            for (int n = 2; n <= ROWS; n++) {
                books.give(n, ANN, 60);
            }
        }
        file = folder.resolve("hub.db");
        try (Sqlite database = Sqlite.open(file, 100)) {
            assertThat(database.foldLog()).isTrue();
        }
        assertThat(faults()).isEmpty();
    }

    @Test
    void aTransferThatAnIndexDoesNotLeadToIsNamed() throws Exception {
        byte[] sound = Files.readAllBytes(file);
        String all = HexFormat.of().formatHex(sound);
        int changes = 0;
        for (int page : pages("transfer_id")) {
            for (int n = 1; n <= ROWS; n++) {
                int at = all.indexOf(id(n), (page - 1) * PAGE * 2) / 2;
                if (at / PAGE == page - 1) {
                    byte[] changed = sound.clone();
                    changed[at + ID_BYTES - 1] ^= (byte) 0x80;
                    Files.write(file, changed);
                    assertThat(fault()).as("the journal itself").isNull();
                    assertThat(faults())
                            .contains(
                                    "book barry: transfer "
                                            + n
                                            + " is not where the index transfer_id looks for it");
                    changes++;
                    Files.write(file, sound);
                }
            }
        }
        assertThat(changes).isEqualTo(ROWS);
    }

    @Test
    void whatIsWrongWithNoTransferIsSaidOfTheFile() throws Exception {
        byte[] damaged = Files.readAllBytes(file);
        int beginsCellsAt = (pages("transfer_tap").getFirst() - 1) * PAGE + 5;
        damaged[beginsCellsAt] ^= 1;
        Files.write(file, damaged);
        assertThat(faults()).isNotEmpty().allMatch(f -> f.startsWith("the file itself is damaged"));
    }

    /// @return the id of the transfer with that number, as hexadecimal digits
    private String id(int number) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return new Sql(open)
                    .one(
                            "SELECT lower(hex(id)) FROM transfer NOT INDEXED WHERE sequence = ?",
                            row -> row.getString(1),
                            number)
                    .orElseThrow();
        }
    }

    private List<Integer> pages(String index) throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return new Sql(open)
                    .list("SELECT pageno FROM dbstat WHERE name = ?", row -> row.getInt(1), index);
        }
    }

    private List<String> faults() throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return new ArrayList<>(FileCheck.faults(open));
        }
    }

    private @Nullable String fault() throws SQLException {
        try (Sqlite open = Sqlite.openReadOnly(file, 100)) {
            return ChainCheck.verify(new Sql(open), _ -> {}).getFirst().fault();
        }
    }
}
