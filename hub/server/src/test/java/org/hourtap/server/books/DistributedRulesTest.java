package org.hourtap.server.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What lets the books run on a database that is spread over many machines.
@Timeout(60)
class DistributedRulesTest {
    private static final Path SERVER =
            Path.of(System.getProperty("repository.root"), "hub/server/src/main");

    /// One machine would have to be asked for each of them.
    private static final Pattern CENTRAL =
            Pattern.compile(
                    "\\b(bigserial|serial|generated|identity|nextval|sequence\\s+\\w+\\s+(start|as)"
                            + "|create\\s+sequence|pg_(try_)?advisory\\w*|now\\s*\\(|clock_timestamp"
                            + "|statement_timestamp|transaction_timestamp|current_timestamp"
                            + "|current_date|localtimestamp|gen_random_uuid|random\\s*\\()");

    @Test
    void everyUniqueKeyIsLedByItsBook() throws Exception {
        PostgresCluster cluster = PostgresCluster.shared();
        List<String> keys = new ArrayList<>();
        List<String> astray = new ArrayList<>();
        try (Connection connection = cluster.connect(cluster.template());
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT c.relname, a.attname FROM pg_index i"
                                        + " JOIN pg_class c ON c.oid = i.indexrelid"
                                        + " JOIN pg_class t ON t.oid = i.indrelid"
                                        + " JOIN pg_namespace n ON n.oid = t.relnamespace"
                                        + " JOIN pg_attribute a ON a.attrelid = t.oid"
                                        + " AND a.attnum = i.indkey[0]"
                                        + " WHERE n.nspname = 'public' AND i.indisunique"
                                        + " AND t.relname NOT IN ('layout', 'instance')")) {
            while (rows.next()) {
                keys.add(rows.getString(1));
                if (!rows.getString(2).equals("book_id")) {
                    astray.add(rows.getString(1));
                }
            }
        }
        assertThat(astray).isEmpty();
        assertThat(keys)
                .contains("transfer_id", "transfer_pkey", "tap_pkey")
                .hasSizeGreaterThan(20);
    }

    @Test
    void noTableHasASequenceAndNoStatementAsksForTheServersClockOrLocks() throws Exception {
        PostgresCluster cluster = PostgresCluster.shared();
        try (Connection connection = cluster.connect(cluster.template());
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT COUNT(*) FROM pg_class WHERE relkind = 'S'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isZero();
        }
        List<String> found = new ArrayList<>();
        for (Path file : written()) {
            String text = Files.readString(file).toLowerCase(Locale.ROOT);
            if (file.toString().endsWith(".java")) {
                // Only what is in quotes goes to a database.
                text =
                        String.join(
                                "\n",
                                Pattern.compile("\"[^\"\n]*\"")
                                        .matcher(text)
                                        .results()
                                        .map(java.util.regex.MatchResult::group)
                                        .filter(quoted ->
                                                quoted.matches(
                                                        ".*\\b(select|insert|update|delete|where"
                                                                + "|values|set)\\b.*"))
                                        .toList());
            }
            CENTRAL.matcher(text)
                    .results()
                    .forEach(hit -> found.add(file.getFileName() + ": " + hit.group()));
        }
        assertThat(found).isEmpty();
        assertThat(CENTRAL.matcher("select now()").find()).isTrue();
    }

    private static List<Path> written() throws Exception {
        try (Stream<Path> files = Files.walk(SERVER)) {
            return files.filter(file -> file.toString().matches(".*\\.(java|sql)"))
                    .filter(file -> !file.toString().contains("/books/sqlite/"))
                    .toList();
        }
    }
}
