package org.hourtap.device.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
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
import org.jspecify.annotations.Nullable;

/// What the hub told this terminal: cards, profile and policy.
final class Cache implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Cache.class.getName());

    private final Connection connection;
    private final PreparedStatement find;
    private final PreparedStatement upsert;

    Cache(Connection connection) throws SQLException {
        this.connection = connection;
        find =
                connection.prepareStatement(
                        "SELECT status, least_proof, balance, language, shift_activity,"
                                + " shift_since_us, counter, ahead, allowance"
                                + " FROM card WHERE card = ?");
        upsert =
                connection.prepareStatement(
                        "INSERT OR REPLACE INTO card (card, status, least_proof, balance, language,"
                                + " shift_activity, shift_since_us, counter, ahead, allowance)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    }

    @Nullable CardRow card(CardId card) throws SQLException {
        find.setString(1, card.value());
        try (ResultSet row = find.executeQuery()) {
            return row.next() ? cardRow(card, row) : null;
        }
    }

    private static CardRow cardRow(CardId card, ResultSet row) throws SQLException {
        String activity = row.getString(5);
        long since = row.getLong(6);
        long allowance = row.getLong(9);
        boolean isLimited = !row.wasNull();
        return new CardRow(
                card,
                FeedRow.Status.valueOf(row.getString(1)),
                TapEvent.Proof.valueOf(row.getString(2)),
                row.getLong(3),
                row.getString(4),
                activity == null ? null : new OpenShift(new ActivityId(activity), since),
                row.getLong(7),
                row.getInt(8),
                isLimited ? allowance : null);
    }

    @Nullable ProfileRow profile() throws SQLException {
        return document("profile") instanceof ProfileRow profile ? profile : null;
    }

    @Nullable PolicyRow policy() throws SQLException {
        return document("policy") instanceof PolicyRow policy ? policy : null;
    }

    void forgetCards() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM card");
        }
    }

    void put(List<FeedRow> rows) throws SQLException {
        for (FeedRow row : rows) {
            switch (row) {
                case CardRow card -> put(card);
                case ProfileRow profile -> putDocument("profile", profile);
                case PolicyRow policy -> putDocument("policy", policy);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        find.close();
        upsert.close();
    }

    private void put(CardRow card) throws SQLException {
        upsert.setString(1, card.card().value());
        upsert.setString(2, card.status().name());
        upsert.setString(3, card.leastProof().name());
        upsert.setLong(4, card.balance());
        upsert.setString(5, card.language());
        OpenShift shift = card.openShift();
        if (shift == null) {
            upsert.setNull(6, Types.VARCHAR);
            upsert.setNull(7, Types.BIGINT);
        } else {
            upsert.setString(6, shift.activity().value());
            upsert.setLong(7, shift.sinceMicros());
        }
        upsert.setLong(8, card.counter());
        upsert.setInt(9, card.ahead());
        Long allowance = card.allowance();
        if (allowance == null) {
            upsert.setNull(10, Types.BIGINT);
        } else {
            upsert.setLong(10, allowance);
        }
        upsert.executeUpdate();
    }

    private void putDocument(String table, FeedRow row) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "INSERT OR REPLACE INTO " + table + " (id, text) VALUES (1, ?)")) {
            statement.setString(1, Codec.encodeRow(row));
            statement.executeUpdate();
        }
    }

    /// A row that cannot be read is as good as none: the hub is asked for it at the next contact.
    private @Nullable FeedRow document(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT text FROM " + table)) {
            return row.next() ? Codec.decodeRow(row.getString(1)) : null;
        } catch (MalformedMessageException e) {
            LOG.log(System.Logger.Level.WARNING, "cached " + table + " unreadable", e);
            return null;
        }
    }
}
