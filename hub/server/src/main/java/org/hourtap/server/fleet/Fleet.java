package org.hourtap.server.fleet;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.TerminalId;
import org.hourtap.contract.TerminalTag;
import org.hourtap.contract.VenueId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.Amount;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.Sql;
import org.hourtap.server.books.Writing;
import org.hourtap.server.feed.Feed;

/// Venues, activities and terminals. Confined to whoever holds the connection.
public final class Fleet {
    private final Sql sql;

    public Fleet(Sql sql) {
        this.sql = sql;
    }

    /// Registers a venue and opens its account, or gives it a new name.
    public static void put(Writing writing, BookId book, Venue venue) throws SQLException {
        writing.sql()
                .update(
                        "INSERT INTO venue VALUES (?, ?, ?)"
                                + " ON CONFLICT (book_id, id) DO UPDATE SET name = excluded.name",
                        book.value(),
                        venue.id().value(),
                        venue.name());
        writing.books().open(AccountId.of(book, venue.id()));
        refreshProfiles(writing, book);
    }

    /// Registers an activity, or changes its name, its prices and whether shifts wait. What it is
    /// for does not change: taps may be under way.
    public static void put(Writing writing, BookId book, Activity activity)
            throws SQLException, RefusedException {
        Fleet fleet = new Fleet(writing.sql());
        Optional<Activity> known = fleet.activity(book, activity.id());
        if (known.isPresent() && known.get().kind() != activity.kind()) {
            throw RefusedException.conflict(
                    "Activity "
                            + activity.id()
                            + " is of kind "
                            + known.get().kind()
                            + ". Register another one instead.");
        }
        writing.sql()
                .update(
                        "INSERT INTO activity VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (book_id, id) DO UPDATE SET name = excluded.name,"
                                + " price = excluded.price, round_up_to = excluded.round_up_to,"
                                + " needs_approval = excluded.needs_approval,"
                                + " pence = excluded.pence",
                        book.value(),
                        activity.id().value(),
                        activity.name(),
                        activity.kind().name(),
                        activity.price().minutes(),
                        activity.roundUpTo(),
                        activity.needsApproval() ? 1 : 0,
                        activity.cash().units());
        refreshProfiles(writing, book);
    }

    /// Registers a terminal, or changes what it is for; where its taps stand is left alone.
    public static void put(Writing writing, BookId book, Terminal terminal)
            throws SQLException, RefusedException {
        Fleet fleet = new Fleet(writing.sql());
        fleet.requireFitting(book, terminal);
        int tag = TerminalTag.of(book, terminal.id());
        fleet.requireOwnTag(book, terminal.id(), tag);
        writing.sql()
                .update(
                        "INSERT INTO terminal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, 0, 0)"
                                + " ON CONFLICT (book_id, id) DO UPDATE SET"
                                + " venue = excluded.venue, mode = excluded.mode,"
                                + " activity = excluded.activity, language = excluded.language,"
                                + " passback_seconds = excluded.passback_seconds,"
                                + " offline_limit = excluded.offline_limit,"
                                + " carried_limit = excluded.carried_limit",
                        book.value(),
                        terminal.id().value(),
                        terminal.venue().value(),
                        terminal.mode().name(),
                        terminal.activity().value(),
                        terminal.language(),
                        terminal.policy().passbackSeconds(),
                        terminal.policy().offlineLimit().minutes(),
                        terminal.policy().carriedLimit().minutes(),
                        tag);
        refreshProfile(writing, book, terminal);
    }

    /// Shuts a terminal out. Its taps so far stay, and so does whatever its journal still holds.
    public static void revoke(Writing writing, BookId book, TerminalId id)
            throws SQLException, RefusedException {
        int changed =
                writing.sql()
                        .update(
                                "UPDATE terminal SET is_revoked = 1 WHERE book_id = ? AND id = ?",
                                book.value(),
                                id.value());
        if (changed == 0) {
            throw noTerminal(id);
        }
        writing.sql()
                .update(
                        "DELETE FROM enrolment_code WHERE book_id = ? AND terminal = ?",
                        book.value(),
                        id.value());
    }

    static RefusedException noTerminal(TerminalId id) {
        return RefusedException.notFound("There is no terminal " + id + ".");
    }

    public Optional<Venue> venue(BookId book, VenueId id) throws SQLException {
        return sql.one(
                "SELECT * FROM venue WHERE book_id = ? AND id = ?",
                Fleet::readVenue,
                book.value(),
                id.value());
    }

    public List<Venue> venues(BookId book) throws SQLException {
        return sql.list(
                "SELECT * FROM venue WHERE book_id = ? ORDER BY id",
                Fleet::readVenue,
                book.value());
    }

    public Optional<Activity> activity(BookId book, ActivityId id) throws SQLException {
        return sql.one(
                "SELECT * FROM activity WHERE book_id = ? AND id = ?",
                Fleet::readActivity,
                book.value(),
                id.value());
    }

    public List<Activity> activities(BookId book) throws SQLException {
        return sql.list(
                "SELECT * FROM activity WHERE book_id = ? ORDER BY id",
                Fleet::readActivity,
                book.value());
    }

    public Optional<Terminal> terminal(BookId book, TerminalId id) throws SQLException {
        return sql.one(
                "SELECT * FROM terminal WHERE book_id = ? AND id = ?",
                Fleet::readTerminal,
                book.value(),
                id.value());
    }

    /// @return the terminal that a card record names by this tag
    public Optional<Terminal> tagged(BookId book, int tag) throws SQLException {
        return sql.one(
                "SELECT * FROM terminal WHERE book_id = ? AND tag = ?",
                Fleet::readTerminal,
                book.value(),
                tag);
    }

    public List<Terminal> terminals(BookId book) throws SQLException {
        return sql.list(
                "SELECT * FROM terminal WHERE book_id = ? ORDER BY id",
                Fleet::readTerminal,
                book.value());
    }

    private void requireFitting(BookId book, Terminal terminal)
            throws SQLException, RefusedException {
        if (venue(book, terminal.venue()).isEmpty()) {
            throw RefusedException.notFound("There is no venue " + terminal.venue() + ".");
        }
        Activity activity =
                activity(book, terminal.activity())
                        .orElseThrow(() ->
                                RefusedException.notFound(
                                        "There is no activity " + terminal.activity() + "."));
        boolean isShift = activity.kind() == Activity.Kind.SHIFT;
        if (isShift != (terminal.mode() == FeedRow.Mode.SHIFT)) {
            throw RefusedException.invalid(
                    "A terminal in mode "
                            + terminal.mode()
                            + " needs an activity of the other kind than "
                            + activity.id()
                            + ", which is for "
                            + (isShift ? "shifts." : "spending."));
        }
    }

    /// Two names of a billion may have the same tag, and then nobody could tell whose tap a card
    /// brought.
    private void requireOwnTag(BookId book, TerminalId id, int tag)
            throws SQLException, RefusedException {
        Optional<Terminal> other = tagged(book, tag).filter(known -> !known.id().equals(id));
        if (other.isPresent()) {
            throw RefusedException.conflict(
                    "On a card, terminal "
                            + id
                            + " could not be told from terminal "
                            + other.get().id()
                            + ". Choose another id for it.");
        }
    }

    private static void refreshProfiles(Writing writing, BookId book) throws SQLException {
        for (Terminal terminal : new Fleet(writing.sql()).terminals(book)) {
            refreshProfile(writing, book, terminal);
        }
    }

    private static void refreshProfile(Writing writing, BookId book, Terminal terminal)
            throws SQLException {
        Fleet fleet = new Fleet(writing.sql());
        Venue venue = fleet.venue(book, terminal.venue()).orElseThrow();
        Activity activity = fleet.activity(book, terminal.activity()).orElseThrow();
        Feed feed = new Feed(writing.sql());
        feed.put(
                book,
                terminal.id(),
                new FeedRow.ProfileRow(
                        venue.name(),
                        terminal.mode(),
                        activity.id(),
                        activity.name(),
                        activity.price(),
                        terminal.language()));
        feed.put(book, terminal.id(), terminal.policy());
    }

    private static Venue readVenue(ResultSet row) throws SQLException {
        return new Venue(new VenueId(row.getString("id")), row.getString("name"));
    }

    private static Activity readActivity(ResultSet row) throws SQLException {
        return new Activity(
                new ActivityId(row.getString("id")),
                row.getString("name"),
                Activity.Kind.valueOf(row.getString("kind")),
                new Credits(row.getLong("price")),
                row.getInt("round_up_to"),
                row.getLong("needs_approval") != 0,
                Amount.pence(row.getLong("pence")));
    }

    private static Terminal readTerminal(ResultSet row) throws SQLException {
        return new Terminal(
                new TerminalId(row.getString("id")),
                new VenueId(row.getString("venue")),
                FeedRow.Mode.valueOf(row.getString("mode")),
                new ActivityId(row.getString("activity")),
                row.getString("language"),
                new FeedRow.PolicyRow(
                        row.getInt("passback_seconds"),
                        new Credits(row.getLong("offline_limit")),
                        new Credits(row.getLong("carried_limit"))),
                row.getLong("is_revoked") != 0,
                row.getString("certificate_serial"),
                row.getLong("last_sequence"));
    }
}
