package org.hourtap.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.HubConfig;
import org.hourtap.server.books.Bundle;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Statements;
import org.hourtap.server.certificates.CertificateProblem;
import org.hourtap.server.certificates.HeadKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What a hub gives to auditors: its public key, signed heads, bundles. All of it is read from the
/// data folder and the database, whether the hub runs or not.
final class HeadCommands {
    private HeadCommands() {}

    /// What the three have in common.
    @Command(
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:the books do not hold", "2:not possible; it says why"})
    abstract static class FromFolder implements Callable<Integer> {
        static final int BROKEN = 1;
        private static final int IMPOSSIBLE = 2;
        static final String WHICH =
                "the hub's database or a copy: a file, or postgresql://USER@HOST/NAME (default: the"
                        + " one of the data folder)";

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "the hub's data folder (default: ${DEFAULT-VALUE})",
                defaultValue = "hourtap-hub-data")
        private Path data = Path.of("hourtap-hub-data");

        @Spec private @Nullable CommandSpec spec;

        abstract int run(HeadKey key) throws IOException, SQLException, HubConfig.ConfigException;

        @Override
        public final Integer call() {
            try {
                return run(HeadKey.read(data.resolve("certificates")));
            } catch (CertificateProblem | HubConfig.ConfigException | IllegalArgumentException e) {
                complain(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                complain(e.getMessage() == null ? e.toString() : e.getMessage());
            } catch (SQLException e) {
                complain(StorageFault.of(e).advice() + " (" + e.getMessage() + ")");
            }
            return IMPOSSIBLE;
        }

        /// @param named as on the command line
        final Database open(@Nullable String named)
                throws IOException, SQLException, HubConfig.ConfigException {
            return new AuditedBooks(named, data).open();
        }

        static List<BookId> books(Sql sql) throws SQLException {
            return sql.list(
                    "SELECT book_id FROM book ORDER BY book_id",
                    row -> new BookId(row.getString(1)));
        }

        final void print(String text) {
            PrintWriter out = commandLine().getOut();
            out.print(text);
            out.flush();
        }

        final void complain(String line) {
            PrintWriter err = commandLine().getErr();
            err.println(line);
            err.flush();
        }

        private CommandLine commandLine() {
            if (spec == null) {
                throw new IllegalStateException("run by picocli only");
            }
            return spec.commandLine();
        }
    }

    @Command(
            name = "key",
            description = {
                "Prints the public key that this hub's signed heads can be checked with.",
                "Give it to auditors by a way of its own, before they need it."
            })
    static final class PublicKeyOf extends FromFolder {
        @Override
        int run(HeadKey key) {
            print(key.publicPem());
            return CommandLine.ExitCode.OK;
        }
    }

    @Command(
            name = "head",
            description = {
                "Prints a signed head for each book: up to this transfer, this is the journal.",
                "Kept elsewhere, it proves with audit verify --key --head-file on another day that"
                        + " nothing before it was changed."
            })
    static final class Heads extends FromFolder {
        @Parameters(paramLabel = "DATABASE", arity = "0..1", description = FromFolder.WHICH)
        private @Nullable String database;

        @Override
        int run(HeadKey key) throws IOException, SQLException, HubConfig.ConfigException {
            try (Database open = open(database)) {
                return open.<Integer, SQLException>transaction(_ -> print(new Sql(open), key));
            }
        }

        private int print(Sql sql, HeadKey key) throws SQLException {
            for (BookId book : books(sql)) {
                Optional<SignedHead> head =
                        new Statements(sql).signedHead(book, key, SystemTime.wallMicros());
                if (head.isPresent()) {
                    print(head.get().line() + System.lineSeparator());
                } else {
                    complain("book " + book + " has no transfers yet");
                }
            }
            return CommandLine.ExitCode.OK;
        }
    }

    @Command(
            name = "export",
            description = {
                "Writes one book's journal and accounts with a signed head into a file, which"
                        + " audit verify FILE --key PUBLIC.pem proves without the hub.",
                "There are no names and no cards in it; accounts have their members' ids."
            })
    static final class Export extends FromFolder {
        private static final int CACHE_KILOBYTES = 16_384;

        @Parameters(
                index = "0",
                paramLabel = "FILE",
                description = "the file to write; it may not exist yet")
        private @Nullable Path file;

        @Parameters(
                index = "1",
                paramLabel = "DATABASE",
                arity = "0..1",
                description = FromFolder.WHICH)
        private @Nullable String database;

        @Option(
                names = "--book",
                paramLabel = "BOOK",
                description = "which book; only needed if there are several")
        private @Nullable String book;

        @Override
        int run(HeadKey key) throws IOException, SQLException, HubConfig.ConfigException {
            Path bundle = file;
            if (bundle == null) {
                throw new IOException("Name the file to write.");
            }
            try (Database open = open(database)) {
                SignedHead head =
                        open.<SignedHead, IOException>transaction(
                                _ -> write(new Sql(open), key, bundle));
                print(head.line() + System.lineSeparator());
            }
            return proves(bundle) ? CommandLine.ExitCode.OK : BROKEN;
        }

        private SignedHead write(Sql sql, HeadKey key, Path bundle)
                throws IOException, SQLException {
            BookId chosen = chosen(books(sql));
            return Bundle.write(sql, chosen, key, SystemTime.wallMicros(), bundle)
                    .orElseThrow(
                            () -> new IOException("Book " + chosen + " has no transfers yet."));
        }

        /// What leaves the house is what holds, or it is said.
        private boolean proves(Path bundle) throws SQLException {
            try (Sqlite open = Sqlite.openReadOnly(bundle, CACHE_KILOBYTES)) {
                Verdict verdict =
                        open.<Verdict, SQLException>transaction(
                                _ -> ChainCheck.verify(new Sql(open), bundle, _ -> {}).getFirst());
                if (verdict.fault() != null) {
                    complain("The bundle shows what the books are: " + verdict.fault());
                }
                return verdict.fault() == null;
            }
        }

        private BookId chosen(List<BookId> books) throws IOException {
            if (book == null && books.size() == 1) {
                return books.getFirst();
            }
            return books.stream()
                    .filter(one -> one.value().equals(book))
                    .findFirst()
                    .orElseThrow(() ->
                            new IOException("Say which book with --book. There are: " + books));
        }
    }
}
