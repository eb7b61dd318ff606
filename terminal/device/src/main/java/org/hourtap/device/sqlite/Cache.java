package org.hourtap.device.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.ActivityId;
import org.hourtap.contract.CardId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.FeedRow;
import org.hourtap.contract.FeedRow.CardRow;
import org.hourtap.contract.FeedRow.OpenShift;
import org.hourtap.contract.FeedRow.PolicyRow;
import org.hourtap.contract.FeedRow.ProfileRow;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.runtime.Sqlite;
import org.jspecify.annotations.Nullable;

/// What the hub told this terminal: cards, profile and policy.
final class Cache {
    /// All columns of a card, the seal last; see [Seal#next].
    private static final String COLUMNS =
            "card, status, least_proof, balance, language, shift_activity, shift_since_us, counter,"
                    + " ahead, allowance, seal";

    private static final int CARD_VALUES = 10;
    private static final String PROFILE = "profile";
    private static final String POLICY = "policy";
    private static final System.Logger LOG = System.getLogger(Cache.class.getName());

    private static final String FIND = "SELECT " + COLUMNS + " FROM card WHERE card = ?";
    private static final String UPSERT =
            "INSERT OR REPLACE INTO card ("
                    + COLUMNS
                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Sqlite sqlite;

    Cache(Sqlite sqlite) {
        this.sqlite = sqlite;
    }

    @Nullable CardRow card(CardId card) throws SQLException {
        PreparedStatement find = sqlite.prepared(FIND);
        find.setString(1, card.value());
        try (ResultSet row = find.executeQuery()) {
            return Seal.next(row) ? cardRow(card, row) : null;
        }
    }

    private static CardRow cardRow(CardId card, ResultSet row) throws SQLException {
        String activity = row.getString(6);
        long since = row.getLong(7);
        long allowance = row.getLong(10);
        boolean isLimited = !row.wasNull();
        return new CardRow(
                card,
                FeedRow.Status.valueOf(row.getString(2)),
                TapEvent.Proof.valueOf(row.getString(3)),
                row.getLong(4),
                row.getString(5),
                activity == null ? null : new OpenShift(new ActivityId(activity), since),
                row.getLong(8),
                row.getInt(9),
                isLimited ? allowance : null);
    }

    @Nullable ProfileRow profile() throws SQLException {
        return document(PROFILE) instanceof ProfileRow profile ? profile : null;
    }

    @Nullable PolicyRow policy() throws SQLException {
        return document(POLICY) instanceof PolicyRow policy ? policy : null;
    }

    void forgetCards() throws SQLException {
        sqlite.prepared("DELETE FROM card").executeUpdate();
    }

    void put(List<FeedRow> rows) throws SQLException {
        for (FeedRow row : rows) {
            switch (row) {
                case CardRow card -> put(card);
                case ProfileRow profile -> putDocument(PROFILE, Codec.encodeRow(profile));
                case PolicyRow policy -> putDocument(POLICY, Codec.encodeRow(policy));
            }
        }
    }

    /// Takes over what another file still holds of what the hub said. Rows that are not what was
    /// written stay behind, and so does all after one that cannot be read; the hub says it again.
    void takeOver(Connection other) throws SQLException {
        PreparedStatement upsert = sqlite.prepared(UPSERT);
        try (Statement statement = other.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + COLUMNS + " FROM card")) {
            while (rows.next()) {
                if (Seal.fits(rows)) {
                    Seal.bind(upsert, Seal.values(rows, CARD_VALUES));
                    upsert.executeUpdate();
                }
            }
        }
        for (String table : List.of(PROFILE, POLICY)) {
            try (Statement statement = other.createStatement();
                    ResultSet row = statement.executeQuery("SELECT text, seal FROM " + table)) {
                if (row.next() && Seal.fits(row)) {
                    putDocument(table, row.getString(1));
                }
            }
        }
    }

    private void put(CardRow card) throws SQLException {
        OpenShift shift = card.openShift();
        List<@Nullable Object> values = new ArrayList<>();
        values.add(card.card().value());
        values.add(card.status().name());
        values.add(card.leastProof().name());
        values.add(card.balance());
        values.add(card.language());
        values.add(shift == null ? null : shift.activity().value());
        values.add(shift == null ? null : shift.sinceMicros());
        values.add(card.counter());
        values.add((long) card.ahead());
        values.add(card.allowance());
        PreparedStatement upsert = sqlite.prepared(UPSERT);
        Seal.bind(upsert, values);
        upsert.executeUpdate();
    }

    private void putDocument(String table, String text) throws SQLException {
        PreparedStatement statement =
                sqlite.prepared(
                        "INSERT OR REPLACE INTO " + table + " (id, text, seal) VALUES (1, ?, ?)");
        Seal.bind(statement, List.of(text));
        statement.executeUpdate();
    }

    /// A row that cannot be read is as good as none: the hub is asked for it at the next contact.
    private @Nullable FeedRow document(String table) throws SQLException {
        try (ResultSet row = sqlite.prepared("SELECT text, seal FROM " + table).executeQuery()) {
            return Seal.next(row) ? Codec.decodeRow(row.getString(1)) : null;
        } catch (MalformedMessageException e) {
            LOG.log(System.Logger.Level.WARNING, "cached " + table + " unreadable", e);
            return null;
        }
    }
}
