package org.hourtap.server.books;

import java.util.ArrayList;
import java.util.List;

/// What a command writes with, valid while it runs on the bookkeeper thread and no longer.
public final class Writing {
    private final Sql sql;
    private final Books books;
    private final long nowMicros;
    private final List<Runnable> afterCommit = new ArrayList<>();

    Writing(Sql sql, Books books, long nowMicros) {
        this.sql = sql;
        this.books = books;
        this.nowMicros = nowMicros;
    }

    public Sql sql() {
        return sql;
    }

    public Books books() {
        return books;
    }

    /// @return the hub's clock, read once per command; microseconds since 1970
    public long nowMicros() {
        return nowMicros;
    }

    /// Runs `work` on the bookkeeper thread once this command is on disk, and not at all if it
    /// never gets there. Must be quick.
    public void afterCommit(Runnable work) {
        afterCommit.add(work);
    }

    List<Runnable> waitingForCommit() {
        return afterCommit;
    }
}
