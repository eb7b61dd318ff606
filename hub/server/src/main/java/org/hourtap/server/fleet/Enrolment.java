package org.hourtap.server.fleet;

import java.sql.SQLException;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.EnrolmentCode;
import org.hourtap.contract.EnrolmentReply;
import org.hourtap.contract.EnrolmentRequest;
import org.hourtap.contract.TerminalId;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;
import org.jspecify.annotations.Nullable;

/// How a terminal joins: the hub prints a one-time code, the terminal proves that someone typed it
/// there, and gets a certificate for a key it made itself.
public final class Enrolment {
    /// A day: long enough to drive to a venue, short enough that a note left lying about is
    /// useless.
    private static final long CODE_LIFE_MICROS = 24L * 60 * 60 * 1_000_000;

    private final Certifier certifier;
    private final Admitted admitted;

    /// Makes certificates.
    public interface Certifier {
        /// @param publicKey the terminal's SubjectPublicKeyInfo, not yet known to be a key
        /// @throws IllegalArgumentException if it is no key this hub certifies
        Certificate certify(BookId book, TerminalId terminal, byte[] publicKey);

        /// @return PEM of the certificate that the broker's own is checked against
        String authority();

        int brokerPort();
    }

    /// @param serial how the certificate is named in the log and to the broker
    public record Certificate(String pem, String serial) {}

    private record Pending(
            BookId book, EnrolmentCode code, long expiresMicros, @Nullable String usedKey) {}

    /// @param admitted told of every terminal that joins, once that is on disk
    public Enrolment(Certifier certifier, Admitted admitted) {
        this.certifier = certifier;
        this.admitted = admitted;
    }

    /// Makes a code for a terminal; an earlier one of the same terminal is void then. A terminal
    /// that was shut out may join again with it.
    public static EnrolmentCode issueCode(
            Writing writing, BookId book, TerminalId terminal, byte[] random)
            throws SQLException, RefusedException {
        if (new Fleet(writing.sql()).terminal(book, terminal).isEmpty()) {
            throw Fleet.noTerminal(terminal);
        }
        EnrolmentCode code = EnrolmentCode.mint(random);
        writing.sql()
                .update(
                        "INSERT INTO enrolment_code VALUES (?, ?, ?, ?, NULL)"
                                + " ON CONFLICT (book_id, terminal) DO UPDATE SET"
                                + " code = excluded.code,"
                                + " expires_micros = excluded.expires_micros, used_key = NULL",
                        book.value(),
                        terminal.value(),
                        code.value(),
                        writing.nowMicros() + CODE_LIFE_MICROS);
        return code;
    }

    /// Lets a terminal in. The code works for one key only; the same terminal may ask again within
    /// the code's life, because the answer may have been lost.
    public EnrolmentReply admit(Writing writing, EnrolmentRequest request)
            throws SQLException, RefusedException {
        writing.sql()
                .update("DELETE FROM enrolment_code WHERE expires_micros < ?", writing.nowMicros());
        for (Pending pending : pending(writing, request.terminal())) {
            boolean isFree =
                    pending.usedKey() == null || pending.usedKey().equals(request.publicKey());
            if (isFree && request.isProvenBy(pending.code())) {
                if (!writing.books().holds(pending.book())) {
                    throw RefusedException.elsewhere(pending.book());
                }
                return admitted(writing, pending, request);
            }
        }
        throw RefusedException.invalid(
                "No code that fits is waiting for terminal "
                        + request.terminal()
                        + ". Codes work once and for a day; make a new one with: hourtap-hub"
                        + " terminals code "
                        + request.terminal());
    }

    private EnrolmentReply admitted(Writing writing, Pending pending, EnrolmentRequest request)
            throws SQLException, RefusedException {
        Certificate certificate;
        try {
            certificate =
                    certifier.certify(pending.book(), request.terminal(), request.publicKeyBytes());
        } catch (IllegalArgumentException e) {
            throw RefusedException.invalid("The terminal's key is not usable: " + e.getMessage());
        }
        writing.sql()
                .update(
                        "UPDATE enrolment_code SET used_key = ? WHERE book_id = ? AND terminal = ?",
                        request.publicKey(),
                        pending.book().value(),
                        request.terminal().value());
        writing.sql()
                .update(
                        "UPDATE terminal SET certificate_serial = ?, is_revoked = 0"
                                + " WHERE book_id = ? AND id = ?",
                        certificate.serial(),
                        pending.book().value(),
                        request.terminal().value());
        writing.afterCommit(
                () -> admitted.admit(pending.book(), request.terminal(), certificate.serial()));
        return EnrolmentReply.prove(
                pending.code(),
                request,
                pending.book(),
                certificate.pem(),
                certifier.authority(),
                certifier.brokerPort());
    }

    private static List<Pending> pending(Writing writing, TerminalId terminal) throws SQLException {
        return writing.sql()
                .list(
                        "SELECT * FROM enrolment_code WHERE terminal = ?",
                        row ->
                                new Pending(
                                        new BookId(row.getString("book_id")),
                                        new EnrolmentCode(row.getString("code")),
                                        row.getLong("expires_micros"),
                                        row.getString("used_key")),
                        terminal.value());
    }
}
