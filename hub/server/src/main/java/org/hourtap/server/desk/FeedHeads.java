package org.hourtap.server.desk;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.hourtap.contract.BookId;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.feed.Feed;

/// How far the feed of each book goes, looked up once for each commit of this hub, which is the one
/// writer of the books it is asked about. Confined to the desk thread.
final class FeedHeads {
    private final Reading reading;
    private final Map<BookId, Long> heads = new HashMap<>();
    private long commits = -1;

    FeedHeads(Reading reading) {
        this.reading = reading;
    }

    /// A book comes or goes: whoever wrote it in between is not counted in our commits.
    void forget() {
        heads.clear();
    }

    /// @param nowCommits the hub's commits so far
    long of(BookId book, long nowCommits)
            throws UnavailableException, SQLException, InterruptedException {
        if (nowCommits != commits) {
            heads.clear();
            commits = nowCommits;
        }
        Long head = heads.get(book);
        if (head == null) {
            head = reading.<Long, SQLException>read(sql -> new Feed(sql).head(book));
            heads.put(book, head);
        }
        return head;
    }
}
