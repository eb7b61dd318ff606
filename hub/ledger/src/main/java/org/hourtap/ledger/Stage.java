package org.hourtap.ledger;

import org.hourtap.contract.TransferId;
import org.jspecify.annotations.Nullable;

/// Whether a transfer moves hours at once, holds them until somebody decides, or is that decision.
///
/// @param decides the pending transfer this one decides; absent unless it decides one
/// @param untilMicros when a pending transfer runs out, microseconds since 1970; absent if it waits
///   until somebody decides, and in all other stages
public record Stage(Kind kind, @Nullable TransferId decides, @Nullable Long untilMicros) {
    /// The usual one.
    public static final Stage PLAIN = new Stage(Kind.PLAIN, null, null);

    /// Waits until somebody decides.
    public static final Stage PENDING = new Stage(Kind.PENDING, null, null);

    /// What a transfer does.
    public enum Kind {
        /// It moves hours at once.
        PLAIN,
        /// It holds hours: nobody else gets those of the debit account, and those of the credit
        /// account cannot be spent yet.
        PENDING,
        /// The pending transfer happens, all of it or a part; what is left is let go.
        POSTS,
        /// It does not happen: somebody says so.
        VOIDS,
        /// It does not happen: nobody decided in time.
        EXPIRES
    }

    public Stage {
        boolean isDeciding = kind != Kind.PLAIN && kind != Kind.PENDING;
        if (isDeciding != (decides != null)) {
            throw new IllegalArgumentException(
                    kind + (isDeciding ? " names a pending transfer" : " decides no transfer"));
        }
        if (untilMicros != null && kind != Kind.PENDING) {
            throw new IllegalArgumentException(kind + " does not run out");
        }
    }

    public static Stage pendingUntil(long micros) {
        return new Stage(Kind.PENDING, null, micros);
    }

    public static Stage posting(TransferId pending) {
        return new Stage(Kind.POSTS, pending, null);
    }

    public static Stage voiding(TransferId pending) {
        return new Stage(Kind.VOIDS, pending, null);
    }

    public static Stage expiring(TransferId pending) {
        return new Stage(Kind.EXPIRES, pending, null);
    }

    /// @return whether it moves hours at once
    public boolean isPlain() {
        return kind == Kind.PLAIN;
    }

    /// @return whether hours change hands
    public boolean moves() {
        return kind == Kind.PLAIN || kind == Kind.POSTS;
    }
}
