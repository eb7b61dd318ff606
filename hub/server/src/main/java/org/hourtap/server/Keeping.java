package org.hourtap.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import org.hourtap.contract.BookId;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Claims;
import org.hourtap.server.books.Contender;
import org.hourtap.server.books.Instance;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.feed.Feed;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.mqtt.HubLink;

/// Which books this hub keeps, and what follows when that changes: whose terminals it listens to
/// and answers, and whom its broker lets in.
///
/// @param reading to learn who may connect
record Keeping(HubLink link, TerminalDesk desk, Admitted admitted, Reading reading)
        implements Contender.Listener {
    private static final System.Logger LOG = System.getLogger(Keeping.class.getName());
    private static final String ID_FILE = "instance.id";
    private static final String ID = "[0-9a-f]{12}";
    private static final int ID_BYTES = 6;
    private static final Duration FIRST_COMMIT_MAX = Duration.ofSeconds(30);

    /// @return the hub's own id among those that share books: random, and the same for as long as
    ///   its data folder lives
    static String id(DataFolder folder) throws IOException {
        Path file = folder.resolve(ID_FILE);
        if (!Files.exists(file)) {
            String made = HexFormat.of().formatHex(SystemTime.randomBytes(ID_BYTES));
            DataFolder.writePrivate(file, (made + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        String id = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        if (!id.matches(ID)) {
            throw new IOException(
                    file + " holds no id. Delete it; a new one is made at the next start");
        }
        return id;
    }

    /// Opens the one book of a file, which nobody else can have.
    static void openOnly(Bookkeeper bookkeeper, HubConfig config)
            throws RefusedException, UnavailableException, InterruptedException {
        bookkeeper.ask(
                writing -> {
                    writing.books().openBook(config.book(), config.bookName());
                    Feed.begin(writing, config.book());
                    return true;
                },
                FIRST_COMMIT_MAX);
    }

    /// Joins the hubs that share a database.
    ///
    /// @param address where people reach this one
    Contender contend(Bookkeeper bookkeeper, HubConfig config, String id, String address)
            throws RefusedException, UnavailableException, InterruptedException {
        return Contender.start(
                bookkeeper,
                reading,
                new Instance(
                        id, Long.toHexString(SystemTime.randomLong()), address, config.wanted()),
                new Claims(config.book(), config.bookName(), Feed::begin),
                this,
                SystemTime::bootMicros,
                SystemTime::randomLong,
                RoleThread::startDraining);
    }

    @Override
    public void gained(BookId book, long epoch) {
        try {
            reading.<Boolean, SQLException>read(sql -> {
                admitted.load(sql);
                return true;
            });
        } catch (UnavailableException | SQLException e) {
            LOG.log(System.Logger.Level.WARNING, "who may connect is as before: {0}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        said(book, link.listen(book));
        desk.gained(book, epoch);
    }

    @Override
    public void leaving(BookId book) {
        said(book, link.leave(book));
    }

    @Override
    public void lost(BookId book) {
        desk.lost(book);
    }

    private static void said(BookId book, boolean isTaken) {
        if (!isTaken) {
            LOG.log(System.Logger.Level.ERROR, "the link was too busy for book {0}", book);
        }
    }
}
