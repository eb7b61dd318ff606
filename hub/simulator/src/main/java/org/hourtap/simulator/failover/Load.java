package org.hourtap.simulator.failover;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.hourtap.contract.BookId;
import org.hourtap.contract.Credits;
import org.hourtap.contract.MemberId;
import org.hourtap.contract.TransferId;
import org.hourtap.ledger.AccountId;
import org.hourtap.ledger.PostOutcome;
import org.hourtap.ledger.Reason;
import org.hourtap.ledger.Transfer;
import org.hourtap.runtime.SystemTime;
import org.hourtap.server.books.Bookkeeper;
import org.hourtap.simulator.demo.Waiting;
import org.jspecify.annotations.Nullable;

/// Clients that each hand in a transfer, and the next one once that was acknowledged. One that was
/// not is handed in again, as a terminal does.
final class Load {
    static final BookId BOOK = new BookId("barry");
    static final int MEMBERS = 50;

    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final long AGAIN_MICROS = 200_000;
    private static final long MICROS_PER_MILLI = 1_000;

    private final Bookkeeper bookkeeper;
    private final List<Client> clients = new ArrayList<>();
    private final List<TransferId> acknowledged = new ArrayList<>();
    private long handedIn;
    private long again;
    private long heardMicros = SystemTime.bootMicros();
    private long silentMicros;

    Load(Bookkeeper bookkeeper, int clients) {
        this.bookkeeper = bookkeeper;
        for (int i = 0; i < clients; i++) {
            this.clients.add(new Client());
        }
    }

    static AccountId member(long n) {
        return AccountId.of(BOOK, new MemberId("m" + n % MEMBERS));
    }

    /// Hands in and hears until `isEnough`.
    ///
    /// @return whether it was, in time
    boolean until(Duration patience, BooleanSupplier isEnough) {
        return Waiting.until(
                patience,
                PAUSE,
                () -> {
                    clients.forEach(client -> client.look(true));
                    return isEnough.getAsBoolean();
                });
    }

    /// Hands in nothing new, until all that was handed in is acknowledged.
    ///
    /// @return whether it is, in time
    boolean drained(Duration patience) {
        return Waiting.until(
                patience,
                PAUSE,
                () -> {
                    clients.forEach(client -> client.look(false));
                    return acknowledged.size() == handedIn;
                });
    }

    /// @return the ids whose posting was acknowledged, in the order in which it was
    List<TransferId> acknowledged() {
        return Collections.unmodifiableList(acknowledged);
    }

    /// @return how often one was handed in again
    long again() {
        return again;
    }

    /// @return the longest time in which nothing was acknowledged
    Duration longestSilence() {
        return Duration.ofNanos(silentMicros * 1_000);
    }

    private final class Client {
        private @Nullable Transfer transfer;
        private CompletableFuture<PostOutcome> outcome = new CompletableFuture<>();
        private long handedInMicros;

        void look(boolean mayHandIn) {
            Transfer waiting = transfer;
            if (waiting == null) {
                if (mayHandIn) {
                    hand(next());
                }
            } else if (outcome.isCompletedExceptionally()) {
                if (SystemTime.bootMicros() - handedInMicros > AGAIN_MICROS) {
                    again++;
                    hand(waiting);
                }
            } else if (outcome.isDone()) {
                heard(waiting, outcome.join());
                transfer = null;
            }
        }

        private void hand(Transfer next) {
            transfer = next;
            handedInMicros = SystemTime.bootMicros();
            outcome = bookkeeper.submit(writing -> writing.books().post(next, writing.nowMicros()));
        }
    }

    private Transfer next() {
        handedIn++;
        return new Transfer(
                TransferId.mint(
                        SystemTime.wallMicros() / MICROS_PER_MILLI,
                        SystemTime.randomLong(),
                        SystemTime.randomLong()),
                AccountId.issuance(BOOK),
                member(handedIn),
                new Credits(1 + handedIn % 60),
                Reason.ADJUSTMENT,
                null,
                null,
                SystemTime.wallMicros());
    }

    private void heard(Transfer transfer, PostOutcome outcome) {
        switch (outcome) {
            case PostOutcome.Posted _, PostOutcome.AlreadyPosted _ ->
                    acknowledged.add(transfer.id());
            default -> throw new IllegalStateException(transfer + " was not posted: " + outcome);
        }
        long now = SystemTime.bootMicros();
        silentMicros = Math.max(silentMicros, now - heardMicros);
        heardMicros = now;
    }
}
