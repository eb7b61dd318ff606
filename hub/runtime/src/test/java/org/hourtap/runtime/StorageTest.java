package org.hourtap.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    @TempDir private Path folder;

    @Test
    void commitsAreFsyncedInAWriteAheadLog() throws Exception {
        try (Sqlite database = open()) {
            assertThat(pragma(database, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(database, "synchronous")).isEqualTo("2");
            assertThat(pragma(database, "foreign_keys")).isEqualTo("1");
            assertThat(database.integrityCheck()).isEqualTo("ok");
        }
    }

    @Test
    void scriptsAreAppliedOnceAndInOrder() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (Sqlite database = open()) {
                Migrations.apply(database, StorageTest.class, List.of("one.sql"));
                assertThat(pragma(database, "user_version")).isEqualTo("1");
            }
        }
        try (Sqlite database = open()) {
            Migrations.apply(database, StorageTest.class, List.of("one.sql", "two.sql"));
            insert(database, "swim");
            assertThat(count(database)).isEqualTo(1);
            assertThatThrownBy(() -> execute(database, "DELETE FROM tap"))
                    .hasMessageContaining("never deleted");
        }
    }

    @Test
    void aScriptThatFailsLeavesNothingBehind() throws Exception {
        try (Sqlite database = open()) {
            assertThatThrownBy(() ->
                            Migrations.apply(database, StorageTest.class, List.of("broken.sql")))
                    .isInstanceOf(SQLException.class);
            assertThat(pragma(database, "user_version")).isEqualTo("0");
            execute(database, "CREATE TABLE half (id INTEGER) STRICT");
        }
    }

    @Test
    void aNewerDatabaseIsLeftAloneWithASentence() throws Exception {
        try (Sqlite database = open()) {
            execute(database, "PRAGMA user_version = 9");
            assertThatThrownBy(
                            () -> Migrations.apply(database, StorageTest.class, List.of("one.sql")))
                    .isInstanceOf(NewerDatabaseException.class)
                    .hasMessageContaining("newer version");
        }
    }

    @Test
    void whatThrowsIsUndone() throws Exception {
        try (Sqlite database = migrated()) {
            assertThatThrownBy(() ->
                            database.transaction(_ -> {
                                insert(database, "lost");
                                throw new IllegalStateException("pulled");
                            }))
                    .hasMessage("pulled");
            assertThat(count(database)).isZero();
            insert(database, "kept");
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void aFullDatabaseIsNamedAsSuchAndTakesWorkAgainLater() throws Exception {
        try (Sqlite database = migrated()) {
            String pages = pragma(database, "page_count");
            execute(database, "PRAGMA max_page_count = " + pages);
            assertThatThrownBy(() -> insert(database, "x".repeat(100_000)))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(StorageFault.of(e)).isEqualTo(StorageFault.DISK_FULL));
            execute(database, "PRAGMA max_page_count = 100000");
            insert(database, "x".repeat(100_000));
            assertThat(count(database)).isEqualTo(1);
        }
    }

    @Test
    void aDamagedFileIsNamedAsSuch() throws Exception {
        Files.writeString(folder.resolve("books.db"), "this is not a database".repeat(500));
        assertThatThrownBy(
                        () -> {
                            try (Sqlite database = open()) {
                                database.integrityCheck();
                            }
                        })
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(StorageFault.of(e)).isEqualTo(StorageFault.DAMAGED));
    }

    @Test
    void aReaderSeesWhatIsCommittedAndCannotWrite() throws Exception {
        try (Sqlite database = migrated();
                Sqlite reader = Sqlite.openReadOnly(folder.resolve("books.db"), 1024)) {
            insert(database, "swim");
            assertThat(count(reader)).isEqualTo(1);
            assertThatThrownBy(() -> insert(reader, "no"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            e -> assertThat(StorageFault.of(e)).isEqualTo(StorageFault.READ_ONLY));
        }
    }

    @Test
    void everyFaultSaysWhatToDo() {
        for (StorageFault fault : StorageFault.values()) {
            assertThat(fault.advice()).endsWith(".");
        }
        assertThat(StorageFault.of(new SQLException("elsewhere"))).isEqualTo(StorageFault.OTHER);
    }

    @Test
    void aDataFolderIsHeldOnceAndItsFilesArePrivate() throws Exception {
        Path data = folder.resolve("data");
        try (DataFolder held = DataFolder.hold(data)) {
            assertThatThrownBy(() -> DataFolder.hold(data))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(data.toString())
                    .hasMessageContaining("--data");
            Path secret = held.resolve("key");
            DataFolder.writePrivate(secret, new byte[] {1});
            DataFolder.writePrivate(secret, new byte[] {2});
            assertThat(Files.readAllBytes(secret)).containsExactly(2);
            assertThat(DataFolder.isReadableByOthers(secret)).isFalse();
            assertThat(DataFolder.isReadableByOthers(held.path())).isFalse();
        }
        DataFolder.hold(data).close();
    }

    private Sqlite open() throws SQLException {
        return Sqlite.open(folder.resolve("books.db"), 1024);
    }

    private Sqlite migrated() throws Exception {
        Sqlite database = open();
        Migrations.apply(database, StorageTest.class, List.of("one.sql"));
        return database;
    }

    private static void insert(Sqlite database, String word) throws SQLException {
        execute(database, "INSERT INTO tap (word) VALUES ('" + word + "')");
    }

    private static void execute(Sqlite database, String sql) throws SQLException {
        try (Statement statement = database.connection().createStatement()) {
            statement.execute(sql);
        }
    }

    private static int count(Sqlite database) throws SQLException {
        return Integer.parseInt(first(database, "SELECT count(*) FROM tap"));
    }

    private static String pragma(Sqlite database, String name) throws SQLException {
        return first(database, "PRAGMA " + name);
    }

    private static String first(Sqlite database, String sql) throws SQLException {
        try (Statement statement = database.connection().createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }
}
