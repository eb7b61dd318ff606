package org.hourtap.simulator.instances;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TapEvent;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TransferId;
import org.hourtap.contract.VenueId;
import org.hourtap.device.mqtt.TerminalIdentity;
import org.hourtap.runtime.DataFolder;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.LedgerStore;
import org.hourtap.server.books.Writing;
import org.hourtap.server.cards.Card;
import org.hourtap.server.cards.CardRegister;
import org.hourtap.server.cards.Member;
import org.hourtap.server.cards.Scheme;
import org.hourtap.server.certificates.CertificateAuthority;
import org.hourtap.server.fleet.Activity;
import org.hourtap.server.fleet.Fleet;
import org.hourtap.server.fleet.Terminal;
import org.hourtap.server.fleet.Venue;
import org.hourtap.server.office.Adjustment;
import org.hourtap.server.office.Operator;

/// Books with members, cards, doors and hours to spend, and a certificate for each door.
///
/// @param doors each terminal and its book
public record Township(List<BookId> books, Map<TerminalId, BookId> doors) {
    public static final ActivityId SWIM = new ActivityId("swim");
    public static final int PEOPLE_PER_BOOK = 8;

    private static final VenueId POOL = new VenueId("pool");
    private static final int HOURS_MINUTES = 500_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static Township of(int books, int doors) {
        List<BookId> ids =
                IntStream.range(0, books)
                        .mapToObj(n -> new BookId("book-%02d".formatted(n)))
                        .toList();
        Map<TerminalId, BookId> places = new LinkedHashMap<>();
        for (int n = 0; n < doors; n++) {
            places.put(new TerminalId("door-%03d".formatted(n)), ids.get(n % books));
        }
        return new Township(ids, places);
    }

    /// @return the card of a person, by the numbers of book and person
    public static CardId card(int book, int person) {
        return new CardId("%04X%04X".formatted(book, person));
    }

    /// Writes everything into empty books, and every door's files into a folder of its name.
    public void build(LedgerStore store, CertificateAuthority certificates, Path folder)
            throws Exception {
        try (Bookkeeper bookkeeper = Bookkeeper.start(store.openWriter(), SystemTime::wallMicros)) {
            for (BookId book : books) {
                bookkeeper.ask(writing -> furnish(writing, book), PATIENCE);
            }
            for (Map.Entry<TerminalId, BookId> door : doors.entrySet()) {
                String serial =
                        enrol(
                                certificates,
                                door.getValue(),
                                door.getKey(),
                                folder.resolve(door.getKey().value()));
                bookkeeper.ask(
                        writing ->
                                writing.sql()
                                        .update(
                                                "UPDATE terminal SET certificate_serial = ?"
                                                        + " WHERE book_id = ? AND id = ?",
                                                serial,
                                                door.getValue().value(),
                                                door.getKey().value()),
                        PATIENCE);
            }
        }
    }

    private boolean furnish(Writing writing, BookId book) throws Exception {
        writing.books().openBook(book, "Time bank " + book);
        Scheme.takeUidCards(writing, book, true);
        Fleet.put(writing, book, new Venue(POOL, "Pool"));
        Fleet.put(
                writing,
                book,
                new Activity(SWIM, "Swimming", Activity.Kind.SPEND, new Credits(1), 1, false));
        for (int person = 0; person < PEOPLE_PER_BOOK; person++) {
            invite(writing, book, person);
        }
        for (Map.Entry<TerminalId, BookId> door : doors.entrySet()) {
            if (door.getValue().equals(book)) {
                Fleet.put(writing, book, terminal(door.getKey()));
            }
        }
        return true;
    }

    private void invite(Writing writing, BookId book, int person) throws Exception {
        MemberId member = new MemberId("m" + person);
        CardRegister.register(writing, book, new Member(member, "Member", "en"));
        CardRegister.issue(
                writing,
                book,
                Card.fresh(
                        card(books.indexOf(book), person), member, TapEvent.Proof.UID_ONLY, null));
        TransferId id =
                TransferId.mint(
                        SystemTime.wallMicros() / 1_000,
                        SystemTime.randomLong(),
                        SystemTime.randomLong());
        new Adjustment(id, member, HOURS_MINUTES, new Operator("Ceri", "to begin with"))
                .in(book)
                .post(writing);
    }

    private static Terminal terminal(TerminalId id) {
        return new Terminal(
                id,
                POOL,
                FeedRow.Mode.ENTRANCE,
                SWIM,
                "en",
                new FeedRow.PolicyRow(0, new Credits(600), new Credits(600)),
                false,
                null,
                0);
    }

    /// @return the serial of the certificate
    private static String enrol(
            CertificateAuthority certificates, BookId book, TerminalId terminal, Path folder)
            throws IOException, GeneralSecurityException {
        DataFolder.make(folder);
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        CertificateAuthority.Issued issued =
                certificates.issue(book, terminal, pair.getPublic().getEncoded());
        String key =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        write(folder, TerminalIdentity.KEY_FILE, key);
        write(folder, TerminalIdentity.CERTIFICATE_FILE, issued.pem());
        write(folder, TerminalIdentity.AUTHORITY_FILE, certificates.authorityPem());
        return issued.serial();
    }

    private static void write(Path folder, String name, String text) throws IOException {
        DataFolder.writePrivate(folder.resolve(name), text.getBytes(StandardCharsets.US_ASCII));
    }
}
