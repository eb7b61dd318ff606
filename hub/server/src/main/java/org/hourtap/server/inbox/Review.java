package org.hourtap.server.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.hourtap.server.books.Writing;

/// What someone has to look at about one tap: kept as findings, and said in the tap's outcome.
final class Review {
    private static final int NOTE_LENGTH_MAX = 200;

    private final Writing writing;
    private final TapFacts facts;
    private final List<String> notes = new ArrayList<>();

    Review(Writing writing, TapFacts facts) {
        this.writing = writing;
        this.facts = facts;
    }

    void find(Finding.Kind kind, String note) throws SQLException {
        notes.add(note);
        new Findings(writing.sql())
                .keep(
                        facts.book(),
                        new Finding(
                                kind,
                                facts.origin().terminal().value(),
                                facts.event().sequence(),
                                facts.event().card().value(),
                                note,
                                "",
                                ""),
                        writing.nowMicros());
    }

    boolean isEmpty() {
        return notes.isEmpty();
    }

    String note() {
        return shortened(String.join(" ", notes));
    }

    static String shortened(String note) {
        return note.length() <= NOTE_LENGTH_MAX ? note : note.substring(0, NOTE_LENGTH_MAX);
    }
}
