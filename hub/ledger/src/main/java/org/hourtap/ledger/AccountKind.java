package org.hourtap.ledger;

/// What an account is for. The kind says which side carries its balance, whether the balance may
/// fall below zero, and whether a book has one such account or many.
public enum AccountKind {
    /// The only source of hours: what was ever given, as a debit.
    ISSUANCE(Side.DEBIT, true, true),
    /// Hours a member may spend. Never overdrawn: what a late tap lacks comes from suspense.
    MEMBER(Side.CREDIT, false, false),
    /// Hours taken at a venue. Has no floor, so that a void after settlement can be posted.
    VENUE(Side.CREDIT, true, false),
    /// Facts that wait for someone's decision; may stand on either side.
    SUSPENSE(Side.DEBIT, true, true),
    /// Hours given for others to draw on.
    POT(Side.CREDIT, false, false),
    /// What an organisation may hand out.
    GROUP(Side.CREDIT, false, false),
    /// Spent hours taken out of circulation.
    RETIRED(Side.CREDIT, false, true),
    /// Another time bank whose hours are honoured: what it is owed, or (below zero) owes; both
    /// within what was agreed.
    PARTNER(Side.CREDIT, true, false),
    /// Another book: what went there, less what came from there. The account of this book over
    /// there shows the same with the opposite sign.
    MIRROR(Side.CREDIT, true, false),
    /// Whoever paid cash beside hours: what was ever taken, as a debit.
    PAYERS(Side.DEBIT, true, true),
    /// Cash that a venue took and has not handed over. Has no floor, as a venue has none.
    TILL(Side.CREDIT, true, false),
    /// Cash that venues handed over.
    BANKED(Side.CREDIT, false, true);

    private final Side carries;
    private final boolean isOverdrawable;
    private final boolean isSingle;

    AccountKind(Side carries, boolean isOverdrawable, boolean isSingle) {
        this.carries = carries;
        this.isOverdrawable = isOverdrawable;
        this.isSingle = isSingle;
    }

    public Side carries() {
        return carries;
    }

    public boolean isOverdrawable() {
        return isOverdrawable;
    }

    /// @return what is counted there
    public Asset asset() {
        return switch (this) {
            case ISSUANCE, MEMBER, VENUE, SUSPENSE, POT, GROUP, RETIRED, PARTNER, MIRROR ->
                    Asset.MINUTES;
            case PAYERS, TILL, BANKED -> Asset.PENCE;
        };
    }

    /// @return whether a book has exactly one such account, without an owner
    public boolean isSingle() {
        return isSingle;
    }
}
