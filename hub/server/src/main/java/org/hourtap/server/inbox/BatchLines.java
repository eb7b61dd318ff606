package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Codec;
import org.hourtap.contract.EventBatch;
import org.hourtap.contract.MalformedMessageException;
import org.hourtap.contract.TapEvent;
import org.hourtap.server.fleet.Terminal;
import org.jspecify.annotations.Nullable;

/// A batch's texts, each with its place in the sequence, also those that cannot be read.
final class BatchLines {
    private BatchLines() {}

    /// @param event absent when the text is no tap
    /// @param problem why not, empty otherwise
    record Line(String text, long sequence, @Nullable TapEvent event, String problem) {}

    private record Read(String text, @Nullable TapEvent event, String problem) {}

    static List<Line> of(
            EventBatch batch, long last, Findings findings, BookId book, Terminal terminal)
            throws SQLException {
        List<Read> read = batch.events().stream().map(BatchLines::read).toList();
        List<Line> lines = new ArrayList<>(read.size());
        long previous = first(batch, read, last, findings, book, terminal) - 1;
        for (Read each : read) {
            TapEvent event = each.event();
            long sequence = event == null ? previous + 1 : event.sequence();
            lines.add(new Line(each.text(), sequence, event, each.problem()));
            previous = sequence;
        }
        return lines;
    }

    /// The first text's place: its own word, else counted back from the first that can be read. If
    /// none can, the batch is either the one just taken in, sent again, or what follows it.
    private static long first(
            EventBatch batch,
            List<Read> read,
            long last,
            Findings findings,
            BookId book,
            Terminal terminal)
            throws SQLException {
        for (int i = 0; i < read.size(); i++) {
            TapEvent event = read.get(i).event();
            if (event != null) {
                return Math.max(1, event.sequence() - i);
            }
        }
        int seen = findings.unreadableSeenBefore(book, terminal.id().value(), last, batch.events());
        return Math.max(last - seen + 1, batch.oldestHeld());
    }

    private static Read read(String text) {
        try {
            return new Read(text, Codec.decodeEvent(text), "");
        } catch (MalformedMessageException e) {
            return new Read(text, null, e.getMessage() == null ? "damaged" : e.getMessage());
        }
    }
}
