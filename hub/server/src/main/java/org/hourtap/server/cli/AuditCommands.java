package org.hourtap.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.StorageFault;
import org.hourtap.server.HubConfig;
import org.hourtap.server.books.ChainCheck;
import org.hourtap.server.books.ChainCheck.Verdict;
import org.hourtap.server.books.FileCheck;
import org.hourtap.server.books.Mirrors;
import org.hourtap.server.books.Sql;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What an auditor does, without the hub and without its keys.
public final class AuditCommands {
    private AuditCommands() {}

    @Command(
            name = "audit",
            description = "Proves that the books are what was written.",
            mixinStandardHelpOptions = true,
            subcommands = {
                Verify.class,
                HeadCommands.PublicKeyOf.class,
                HeadCommands.Heads.class,
                HeadCommands.Export.class
            })
    public static final class Audit {}

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = {
                "Reads a database and reckons every hash and every balance anew. Names the first"
                        + " transfer of each book that does not hold.",
                "Works while the hub runs, and on a copy. Prints the head of each book: write it"
                        + " down somewhere else, and give it with --head another day, to know that"
                        + " nobody made the books anew.",
                "With the hub's public key (--key) it also checks signed heads, from a file"
                        + " (--head-file) or in a bundle."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:everything holds",
                "1:something does not hold",
                "2:the database, the key or a head cannot be read"
            })
    static final class Verify implements Callable<Integer> {
        private static final int BROKEN = 1;
        private static final int UNREADABLE = 2;

        @Parameters(
                paramLabel = "DATABASE",
                arity = "0..1",
                description =
                        "the hub's database, a copy or a bundle: a file, or"
                                + " postgresql://USER@HOST/NAME (default: the one of the data"
                                + " folder)")
        private @Nullable String database;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                description = "the hub's data folder (default: ${DEFAULT-VALUE})",
                defaultValue = "hourtap-hub-data")
        private Path data = Path.of("hourtap-hub-data");

        @Option(
                names = "--head",
                paramLabel = "BOOK/NUMBER/HASH",
                description = "a head from an earlier day; may be given more than once")
        private List<String> heads = new ArrayList<>();

        @Option(
                names = "--key",
                paramLabel = "PUBLIC.pem",
                description = "the hub's public key, as audit key printed it")
        private @Nullable Path key;

        @Option(
                names = "--head-file",
                paramLabel = "FILE",
                description = "signed heads from an earlier day, one a line")
        private @Nullable Path headFile;

        @Spec private @Nullable CommandSpec spec;

        @Override
        public Integer call() {
            AuditedBooks books = new AuditedBooks(database, data);
            try (Database read = books.open()) {
                HeadProofs proofs = HeadProofs.read(key, headFile);
                return read.transaction(_ -> look(read, books, proofs))
                        ? CommandLine.ExitCode.OK
                        : BROKEN;
            } catch (IllegalArgumentException | IOException | HubConfig.ConfigException e) {
                say(String.valueOf(e.getMessage()));
                return UNREADABLE;
            } catch (SQLException e) {
                StorageFault fault = StorageFault.of(e);
                say(fault.advice() + " (" + e.getMessage() + ")");
                return fault == StorageFault.DAMAGED ? BROKEN : UNREADABLE;
            }
        }

        private boolean look(Database read, AuditedBooks books, HeadProofs proofs)
                throws SQLException {
            Sql sql = new Sql(read);
            boolean holds = true;
            LongConsumer progress = rows -> say("  " + rows + " transfers read");
            List<Verdict> verdicts =
                    read instanceof Sqlite
                            ? ChainCheck.verify(sql, books.file(), progress)
                            : ChainCheck.verify(sql, progress);
            for (Verdict verdict : verdicts) {
                say(verdict.transfers() + " transfers hold; head " + verdict.head());
                if (verdict.fault() != null) {
                    say("book " + verdict.book() + ": " + verdict.fault());
                    holds = false;
                }
            }
            List<String> apart = Mirrors.apart(sql);
            apart.forEach(this::say);
            holds &= apart.isEmpty();
            for (String head : heads) {
                boolean isThere = ChainCheck.holds(sql, head);
                say((isThere ? "is in the journal: " : "IS NOT IN THE JOURNAL: ") + head);
                holds &= isThere;
            }
            holds &= proofs.hold(sql, verdicts, this::say);
            List<String> faults =
                    read instanceof Sqlite known ? FileCheck.faults(known) : List.of();
            faults.forEach(this::say);
            holds &= faults.isEmpty();
            say(holds ? "Everything holds." : "NOT EVERYTHING HOLDS. Keep a copy of this file.");
            return holds;
        }

        private void say(String line) {
            CommandSpec known = spec;
            if (known != null) {
                PrintWriter out = known.commandLine().getOut();
                out.println(line);
                out.flush();
            }
        }
    }
}
