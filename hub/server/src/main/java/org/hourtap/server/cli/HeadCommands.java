package org.hourtap.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hourtap.contract.BookId;
import org.hourtap.contract.SignedHead;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.runtime.SystemTime;
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
/// data folder, whether the hub runs or not.
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
        private static final int CACHE_KILOBYTES = 16_384;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "the hub's data folder (default: ${DEFAULT-VALUE})",
                defaultValue = "hourtap-hub-data")
        private Path data = Path.of("hourtap-hub-data");

        @Spec private @Nullable CommandSpec spec;

        abstract int run(HeadKey key) throws IOException, SQLException;

        @Override
        public final Integer call() {
            try {
                return run(HeadKey.read(data.resolve("certificates")));
            } catch (CertificateProblem e) {
                complain(String.valueOf(e.getMessage()));
            } catch (IOException e) {
                complain(e.getMessage() == null ? e.toString() : e.getMessage());
            } catch (SQLException e) {
                complain(StorageFault.of(e).advice() + " (" + e.getMessage() + ")");
            }
            return IMPOSSIBLE;
        }

        final Path database() throws IOException {
            Path database = data.resolve("hub.db");
            if (!Files.isReadable(database)) {
                throw new IOException("There is no database to read at " + database + ".");
            }
            return database;
        }

        final List<BookId> books() throws IOException, SQLException {
            try (Sqlite open = Sqlite.openReadOnly(database(), CACHE_KILOBYTES)) {
                return new Sql(open)
                        .list(
                                "SELECT book_id FROM book ORDER BY book_id",
                                row -> new BookId(row.getString(1)));
            }
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
        @Override
        int run(HeadKey key) throws IOException, SQLException {
            List<BookId> books = books();
            try (Sqlite open = Sqlite.openReadOnly(database(), FromFolder.CACHE_KILOBYTES)) {
                Sql sql = new Sql(open);
                for (BookId book : books) {
                    Optional<SignedHead> head =
                            new Statements(sql).signedHead(book, key, SystemTime.wallMicros());
                    if (head.isPresent()) {
                        print(head.get().line() + System.lineSeparator());
                    } else {
                        complain("book " + book + " has no transfers yet");
                    }
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
        @Parameters(paramLabel = "FILE", description = "the file to write; it may not exist yet")
        private @Nullable Path file;

        @Option(
                names = "--book",
                paramLabel = "BOOK",
                description = "which book; only needed if there are several")
        private @Nullable String book;

        @Override
        int run(HeadKey key) throws IOException, SQLException {
            Path bundle = file;
            if (bundle == null) {
                throw new IOException("Name the file to write.");
            }
            BookId chosen = chosen(books());
            Optional<SignedHead> head =
                    Bundle.write(database(), chosen, key, SystemTime.wallMicros(), bundle);
            if (head.isEmpty()) {
                throw new IOException("Book " + chosen + " has no transfers yet.");
            }
            print(head.get().line() + System.lineSeparator());
            return proves(bundle) ? CommandLine.ExitCode.OK : BROKEN;
        }

        /// What leaves the house is what holds, or it is said.
        private boolean proves(Path bundle) throws SQLException {
            try (Sqlite open = Sqlite.openReadOnly(bundle, FromFolder.CACHE_KILOBYTES)) {
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
