package org.hourtap.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.hourtap.card.MasterKeys;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.Database;
import org.hourtap.runtime.FolderInUseException;
import org.hourtap.runtime.NewerDatabaseException;
import org.hourtap.runtime.RoleThread;
import org.hourtap.runtime.Sqlite;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.backup.CopyState;
import org.hourtap.server.backup.Copying;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.cards.CardMacs;
import org.hourtap.server.cards.MasterMacs;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.certificates.CertificateProblem;
import org.hourtap.server.certificates.HeadKey;
import org.hourtap.server.certificates.Holder;
import org.hourtap.server.desk.TerminalDesk;
import org.hourtap.server.desk.TerminalLink;
import org.hourtap.server.fleet.Admitted;
import org.hourtap.server.fleet.Enrolment;
import org.hourtap.server.mqtt.BrokerProblem;
import org.hourtap.server.mqtt.EmbeddedBroker;
import org.hourtap.server.mqtt.HubLink;
import org.hourtap.server.web.Api;
import org.hourtap.server.web.PortTakenException;
import org.hourtap.server.web.WebServer;
import org.jspecify.annotations.Nullable;

/// The hub: every object made and every thread started, in order, and stopped in reverse.
public final class Hub implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Hub.class.getName());

    private static final int TOKEN_BYTES = 32;
    private static final String TOKEN_FILE = "admin.token";
    private static final String ADDRESS_FILE = "hub.address";

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicReference<TerminalLink> outgoing = new AtomicReference<>((_, _, _) -> {});
    private int httpPort;
    private String httpAddress = "";
    private int mqttPort;

    private Hub() {}

    /// Something that keeps the hub from starting. The message says what to do.
    public static final class CannotStartException extends Exception {
        private static final long serialVersionUID = 1L;

        CannotStartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// Starts a hub on a data folder; it serves when this returns.
    public static Hub start(Path folder) throws CannotStartException, InterruptedException {
        Hub hub = new Hub();
        boolean isUp = false;
        try {
            hub.open(folder);
            isUp = true;
            return hub;
        } catch (IOException e) {
            throw new CannotStartException(
                    "The data folder " + folder + " cannot be used: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new CannotStartException(
                    org.hourtap.runtime.StorageFault.of(e).advice() + " (" + e.getMessage() + ")",
                    e);
        } catch (FolderInUseException
                | HubConfig.ConfigException
                | NewerDatabaseException
                | CertificateProblem
                | BrokerProblem
                | PortTakenException
                | RefusedException
                | UnavailableException e) {
            throw new CannotStartException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!isUp) {
                hub.close();
            }
        }
    }

    public int httpPort() {
        return httpPort;
    }

    public String httpAddress() {
        return httpAddress;
    }

    public int mqttPort() {
        return mqttPort;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.log(System.Logger.Level.WARNING, "something did not close cleanly", e);
            }
        }
    }

    private void open(Path path)
            throws IOException,
                    SQLException,
                    FolderInUseException,
                    HubConfig.ConfigException,
                    NewerDatabaseException,
                    CertificateProblem,
                    BrokerProblem,
                    PortTakenException,
                    RefusedException,
                    UnavailableException,
                    InterruptedException {
        DataFolder folder = DataFolder.hold(path);
        open.push(folder);
        HubConfig config = HubConfig.read(path);
        CardMacs macs = macs(config);
        String token = token(folder);
        LedgerStore store = DatabaseSetting.of(config, path);
        Database database = opened(store);
        Bookkeeper bookkeeper = Bookkeeper.start(database, SystemTime::wallMicros);
        open.push(bookkeeper);
        if (config.database() == null) {
            Keeping.openOnly(bookkeeper, config);
        }
        Reading reading = Reading.open(store);
        open.push(reading);
        Admitted admitted = admitted(reading);
        CertificateAuthority certificates =
                CertificateAuthority.open(
                        folder.resolve("certificates"),
                        config.certificateNames(),
                        !admitted.isEmpty(),
                        SystemTime::wallMicros);
        // Before the copy begins, so that it is in it.
        HeadKey headKey = HeadKey.open(folder.resolve("certificates"));
        Supplier<CopyState> copy = copying(config, path, database, bookkeeper);
        EmbeddedBroker broker = broker(config, certificates, admitted);
        String id = Keeping.id(folder);
        TerminalDesk desk = desk(bookkeeper, reading, macs);
        HubLink link = link(config, certificates, id, desk);
        notices(bookkeeper, reading, headKey, link);
        Api api =
                new Api(
                        config.book(),
                        bookkeeper,
                        reading,
                        desk,
                        new Enrolment(new HubCertifier(certificates, mqttPort), admitted),
                        admitted,
                        terminal -> {
                            if (broker != null) {
                                broker.disconnect(terminal);
                            }
                        },
                        copy,
                        headKey);
        serve(folder, config, token, api);
        keep(new Keeping(link, desk, admitted, reading), bookkeeper, config, id);
    }

    /// Books in a file are all ours; those in a database are shared with other hubs.
    private void keep(Keeping keeping, Bookkeeper bookkeeper, HubConfig config, String id)
            throws RefusedException, UnavailableException, InterruptedException {
        if (config.database() != null) {
            open.push(keeping.contend(bookkeeper, config, id, publicAddress(config)));
        } else {
            bookkeeper.held().forEach(keeping::gained);
        }
    }

    private static Admitted admitted(Reading reading)
            throws SQLException, UnavailableException, InterruptedException {
        Admitted admitted = new Admitted();
        reading.<Boolean, SQLException>read(sql -> {
            admitted.load(sql);
            return true;
        });
        return admitted;
    }

    /// What the copy needs is all there by now: token, certificates, a book.
    private Supplier<CopyState> copying(
            HubConfig config, Path data, Database database, Bookkeeper bookkeeper)
            throws IOException, UnavailableException, InterruptedException {
        Path place = config.backupFolder();
        if (place == null || !(database instanceof Sqlite file)) {
            return () -> CopyState.OFF;
        }
        Copying copying =
                Copying.start(
                        file,
                        bookkeeper,
                        data,
                        config.cardKeys(),
                        config.book().value(),
                        place,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
        open.push(copying);
        return copying::state;
    }

    private static Database opened(LedgerStore store) throws SQLException, NewerDatabaseException {
        LOG.log(System.Logger.Level.INFO, "books in {0}", store);
        return store.openWriter();
    }

    private @Nullable EmbeddedBroker broker(
            HubConfig config, CertificateAuthority certificates, Admitted admitted)
            throws IOException, BrokerProblem {
        String url = config.mqttUrl();
        if (url != null) {
            mqttPort = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
            return null;
        }
        EmbeddedBroker broker =
                EmbeddedBroker.start(
                        config.mqttHost(),
                        config.mqttPort(),
                        certificates,
                        holder ->
                                admitted.isAllowed(
                                        holder.book(), holder.terminal(), holder.serial()),
                        SystemTime::bootMicros);
        open.push(broker);
        mqttPort = broker.port();
        return broker;
    }

    private CardMacs macs(HubConfig config) throws IOException, HubConfig.ConfigException {
        Path file = config.cardKeys();
        if (file == null) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "no file card.keys: what cards sign is kept, and not checked");
            return CardMacs.NONE;
        }
        MasterKeys keys = CardKeyFile.load(file);
        open.push(keys);
        return new MasterMacs(keys);
    }

    /// Link and desk know each other: the desk is made first, and what it sends before the link is
    /// there is lost like anything sent while the link is down.
    private TerminalDesk desk(Bookkeeper bookkeeper, Reading reading, CardMacs macs) {
        TerminalDesk desk =
                TerminalDesk.start(
                        bookkeeper,
                        reading,
                        (book, terminal, page) -> outgoing.get().publish(book, terminal, page),
                        macs,
                        SystemTime::wallMicros,
                        RoleThread::startDraining);
        open.push(desk);
        return desk;
    }

    private HubLink link(
            HubConfig config, CertificateAuthority certificates, String id, TerminalDesk desk) {
        String url = config.mqttUrl();
        HubLink link =
                HubLink.start(
                        new HubLink.Broker(
                                url == null ? "ssl://" + config.brokerName() + ":" + mqttPort : url,
                                Holder.HUB_NAME + Holder.INSTANCE_MARK + id,
                                certificates.hubContext()),
                        Set.of(),
                        desk::received,
                        SystemTime::bootMicros,
                        SystemTime::randomLong);
        open.push(link);
        outgoing.set(link::publish);
        return link;
    }

    private void notices(Bookkeeper bookkeeper, Reading reading, HeadKey headKey, HubLink link) {
        open.push(
                HeadNotices.start(
                        () -> bookkeeper.held().keySet(),
                        reading,
                        headKey,
                        (book, head) -> link.publishHead(book, head.line()),
                        SystemTime::wallMicros,
                        SystemTime::bootMicros));
        open.push(
                PendingWatch.start(
                        bookkeeper, reading, SystemTime::wallMicros, SystemTime::bootMicros));
    }

    private void serve(DataFolder folder, HubConfig config, String token, Api api)
            throws IOException, PortTakenException {
        WebServer web = WebServer.start(config.httpHost(), config.httpPort(), token, api);
        open.push(web);
        httpPort = web.port();
        httpAddress = address(config.httpHost(), httpPort);
        Path address = folder.resolve(ADDRESS_FILE);
        DataFolder.writePrivate(address, httpAddress.getBytes(StandardCharsets.UTF_8));
        // So that no command shows the token to whatever has the port next.
        open.push(() -> Files.deleteIfExists(address));
    }

    /// @return for people elsewhere, as far as it is known
    private String publicAddress(HubConfig config) {
        return config.names().isEmpty()
                ? httpAddress
                : "http://" + config.names().getFirst() + ":" + httpPort;
    }

    private static String address(String host, int port) {
        boolean isAny = host.equals("0.0.0.0") || host.equals("::");
        String reachable = isAny ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return "http://" + reachable + ":" + port;
    }

    private static String token(DataFolder folder) throws IOException {
        Path file = folder.resolve(TOKEN_FILE);
        if (!Files.exists(file)) {
            String token = HexFormat.of().formatHex(SystemTime.randomBytes(TOKEN_BYTES));
            DataFolder.writePrivate(file, (token + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (DataFolder.isReadableByOthers(file)) {
            throw new IOException("others can read " + file + ". Run: chmod 600 " + file);
        }
        String token = Files.readString(file).strip();
        if (token.length() < TOKEN_BYTES) {
            throw new IOException(
                    file + " holds no token. Delete it; a new one is made at the next start");
        }
        return token;
    }
}
