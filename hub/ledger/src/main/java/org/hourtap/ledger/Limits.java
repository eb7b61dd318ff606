package org.hourtap.ledger;

/// What an account's balance, on the side it carries, may not leave.
///
/// @param least minutes; at most 0
/// @param most minutes; at least 0
public record Limits(long least, long most) {
    /// No limit that a balance could reach.
    public static final long NONE = Long.MAX_VALUE / 2;

    public Limits {
        if (least < -NONE || least > 0 || most < 0 || most > NONE) {
            throw new IllegalArgumentException(
                    "Limits lie on both sides of zero, not from " + least + " to " + most + ".");
        }
    }

    /// @return what holds for this kind of account unless something else was agreed
    public static Limits of(AccountKind kind) {
        return switch (kind) {
            case ISSUANCE, VENUE, SUSPENSE, MIRROR, PAYERS, TILL -> new Limits(-NONE, NONE);
            case MEMBER, POT, GROUP, RETIRED, BANKED -> new Limits(0, NONE);
            // Nothing is agreed with a partner until somebody says so.
            case PARTNER -> new Limits(0, 0);
        };
    }

    /// @return whether they may hold for this kind: what only holds what was put in never owes, and
    ///   an account of the scheme's own or of a venue has to take every fact
    public boolean suit(AccountKind kind) {
        return switch (kind) {
            case ISSUANCE, VENUE, SUSPENSE, MIRROR, RETIRED, MEMBER, PAYERS, TILL, BANKED ->
                    equals(of(kind));
            case POT, GROUP -> least == 0;
            case PARTNER -> true;
        };
    }
}
