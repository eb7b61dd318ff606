package org.hourtap.server;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hourtap.contract.BookId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.server.books.Reading;
import org.hourtap.server.books.RefusedException;
import org.hourtap.server.books.UnavailableException;
import org.hourtap.server.books.Writing;
import org.hourtap.server.inbox.Finding;
import org.hourtap.server.inbox.Findings;
import org.hourtap.server.inbox.Overdue;
import org.hourtap.server.office.Instruction;
import org.hourtap.server.office.Remittance;
import org.hourtap.server.office.Remittances;
import org.hourtap.server.office.Remittances.OnItsWay;

/// Takes hours that another book sent into the books that this hub writes, and takes back what
/// another book refused. Each is a command of its own that finds nothing to do if it was done
/// before, by whomever.
record Carrier(Bookkeeper bookkeeper, Reading reading) {
    private static final System.Logger LOG = System.getLogger(Carrier.class.getName());

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// One look at what waits for the books held.
    void look() throws SQLException, UnavailableException, InterruptedException {
        Set<BookId> held = bookkeeper.held().keySet();
        for (OnItsWay seen :
                reading.<List<OnItsWay>, SQLException>read(
                        sql -> waiting(new Remittances(sql), held))) {
            try {
                Boolean _ = bookkeeper.ask(seen.next(), writing -> carry(writing, seen), PATIENCE);
            } catch (RefusedException | IllegalStateException e) {
                // The others do not wait for it.
                LOG.log(
                        System.Logger.Level.INFO,
                        "transfer {0} is carried on later, or by another hub: {1}",
                        seen.remittance().id(),
                        e.getMessage());
            }
        }
    }

    private static List<OnItsWay> waiting(Remittances remittances, Set<BookId> held)
            throws SQLException {
        List<OnItsWay> waiting = new ArrayList<>();
        if (remittances.isAny()) {
            for (BookId book : held) {
                waiting.addAll(remittances.waitingFor(book));
            }
        }
        return waiting;
    }

    /// @return false if it was carried on before
    static boolean carry(Writing writing, OnItsWay seen) throws SQLException {
        Remittances remittances = new Remittances(writing.sql());
        OnItsWay now = remittances.now(seen).orElse(null);
        if (now == null) {
            return false;
        }
        String refused = now.refused();
        if (refused == null) {
            take(writing, now.remittance(), remittances);
        } else {
            takeBack(writing, now.remittance(), refused, remittances);
        }
        return true;
    }

    private static void take(Writing writing, Remittance remittance, Remittances remittances)
            throws SQLException {
        PostOutcome received = remittance.receive(writing);
        try {
            remittance.receiving().entry(received);
            remittances.end(remittance);
        } catch (RefusedException e) {
            remittances.refuse(remittance, String.valueOf(e.getMessage()));
        }
    }

    /// Where they came from there may be no room any more. Then they wait until there is, and
    /// somebody is told once.
    private static void takeBack(
            Writing writing, Remittance remittance, String why, Remittances remittances)
            throws SQLException {
        Instruction returning = remittance.returning(Overdue.endOf(remittance.id()));
        try {
            returning.entry(returning.foresee(writing));
            returning.entry(returning.post(writing));
        } catch (RefusedException e) {
            find(
                    writing,
                    remittance,
                    Finding.Kind.NOT_POSTED,
                    "cannot come back yet: " + e.getMessage());
            return;
        }
        remittances.end(remittance);
        find(writing, remittance, Finding.Kind.SENT_BACK, "came back: " + why);
    }

    private static void find(Writing writing, Remittance remittance, Finding.Kind kind, String what)
            throws SQLException {
        String note =
                "%d minutes of %s for %s, transfer %s, %s"
                        .formatted(
                                remittance.amount().minutes(),
                                remittance.from().name(),
                                remittance.to(),
                                remittance.id(),
                                what);
        new Findings(writing.sql())
                .keep(
                        remittance.from().book(),
                        new Finding(kind, "", 0, "", note, "", ""),
                        writing.nowMicros());
    }
}
