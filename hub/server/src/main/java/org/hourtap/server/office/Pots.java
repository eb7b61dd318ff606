package org.hourtap.server.office;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.Account;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.AccountKind;
import org.hourtap.ledger.PotRule;
import org.hourtap.server.books.Ids;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Writing;

/// The rules by which pots give, and what they gave.
public final class Pots {
    private static final long MICROS_PER_DAY = 24L * 60 * 60 * 1_000_000;

    private final Writing writing;
    private final BookId book;

    public Pots(Writing writing, BookId book) {
        this.writing = writing;
        this.book = book;
    }

    /// What a pot gives.
    public record Cover(AccountId pot, Credits amount) {}

    private record Ruled(AccountId pot, PotRule rule) {}

    /// Sets the rule of a pot.
    ///
    /// @throws RefusedException if there is no such pot
    public void rule(String pot, PotRule rule) throws SQLException, RefusedException {
        AccountId account = new AccountId(book, AccountKind.POT, pot);
        if (writing.books().account(account).isEmpty()) {
            throw RefusedException.notFound("There is no account " + account.name() + ".");
        }
        writing.sql()
                .update(
                        "INSERT INTO pot_rule VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (book_id, pot) DO UPDATE SET"
                                + " covers_shortfalls = excluded.covers_shortfalls,"
                                + " members = excluded.members,"
                                + " activities = excluded.activities,"
                                + " most_at_once = excluded.most_at_once,"
                                + " most_per_member = excluded.most_per_member,"
                                + " days = excluded.days",
                        book.value(),
                        pot,
                        rule.coversShortfalls() ? 1 : 0,
                        text(rule.members().stream().map(MemberId::value)),
                        text(rule.activities().stream().map(ActivityId::value)),
                        rule.mostAtOnce().minutes(),
                        rule.mostPerMember().minutes(),
                        rule.days());
    }

    /// @return the first pot, by its id, that bears a part of what a member lacks
    public Optional<Cover> cover(MemberId member, ActivityId activity, Credits lacking)
            throws SQLException {
        List<Ruled> rules =
                writing.sql()
                        .list(
                                "SELECT * FROM pot_rule WHERE book_id = ?"
                                        + " AND covers_shortfalls = 1 ORDER BY pot",
                                this::read,
                                book.value());
        for (Ruled ruled : rules) {
            Credits held =
                    writing.books()
                            .account(ruled.pot())
                            .filter(account -> !account.isClosed())
                            .map(Account::available)
                            .orElse(Credits.NONE);
            Credits given =
                    ruled.rule().allows(member, activity, lacking.min(held), drawn(ruled, member));
            if (!given.isNone()) {
                return Optional.of(new Cover(ruled.pot(), given));
            }
        }
        return Optional.empty();
    }

    /// Notes that a pot bore something for a member.
    public void drew(TransferId id, Cover cover, MemberId member) throws SQLException {
        writing.sql()
                .update(
                        "INSERT INTO pot_draw VALUES (?, ?, ?, ?, ?, ?)",
                        book.value(),
                        Ids.bytes(id),
                        cover.pot().owner(),
                        member.value(),
                        cover.amount().minutes(),
                        writing.nowMicros());
    }

    private Credits drawn(Ruled ruled, MemberId member) throws SQLException {
        return new Credits(
                writing.sql()
                        .number(
                                "SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM pot_draw"
                                        + " WHERE book_id = ? AND pot = ? AND member = ?"
                                        + " AND drawn_micros > ?",
                                book.value(),
                                ruled.pot().owner(),
                                member.value(),
                                writing.nowMicros() - ruled.rule().days() * MICROS_PER_DAY));
    }

    private Ruled read(ResultSet row) throws SQLException {
        return new Ruled(
                new AccountId(book, AccountKind.POT, row.getString("pot")),
                new PotRule(
                        row.getLong("covers_shortfalls") != 0,
                        ids(row.getString("members"), MemberId::new),
                        ids(row.getString("activities"), ActivityId::new),
                        new Credits(row.getLong("most_at_once")),
                        new Credits(row.getLong("most_per_member")),
                        row.getInt("days")));
    }

    private static String text(Stream<String> ids) {
        return ids.sorted().collect(Collectors.joining(" "));
    }

    private static <T> Set<T> ids(String text, Function<String, T> id) {
        return Stream.of(text.split(" "))
                .filter(part -> !part.isEmpty())
                .map(id)
                .collect(Collectors.toUnmodifiableSet());
    }
}
