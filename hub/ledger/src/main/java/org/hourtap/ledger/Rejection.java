package org.hourtap.ledger;

/// Why a transfer is not posted, in order of precedence: the first that applies is the one said.
public enum Rejection {
    NO_AMOUNT("The amount is zero."),
    SAME_ACCOUNT("Debit and credit are the same account."),
    DIFFERENT_BOOKS("The two accounts are in different books."),
    DIFFERENT_ASSETS(
            "One account is kept in minutes and the other in pence. Hours have no price; nothing"
                    + " moves between the two."),
    REASON_DOES_NOT_FIT("Nothing moves between these accounts for this reason."),
    REASON_IS_AT_ONCE("Hours that move for this reason move at once; they are not held first."),
    ENDS_BEFORE_IT_BEGINS("A pending transfer runs out later than it begins."),
    ORIGINAL_NOT_NAMED("A correction has to name the transfer it corrects."),
    ORIGINAL_NOT_EXPECTED("Only a correction names another transfer."),
    ORIGINAL_UNKNOWN("The transfer to be corrected is not in the books."),
    ORIGINAL_IS_A_CORRECTION(
            "The transfer to be corrected is itself a correction. Post what is right as a new"
                    + " transfer."),
    ORIGINAL_MOVED_NOTHING(
            "The transfer to be corrected moved no hours. Post or void it while it is pending."),
    ORIGINAL_ALREADY_CORRECTED("The transfer was already corrected."),
    NOT_THE_ORIGINAL_REVERSED("A correction moves back what the original moved, and no more."),
    PENDING_UNKNOWN("The transfer to be posted or let go is not in the books."),
    NOT_PENDING("The transfer to be posted or let go is not a pending one."),
    ALREADY_DECIDED("The pending transfer was already posted or let go."),
    NOT_AS_PENDING("A pending transfer is decided between its own accounts, for its own reason."),
    EXCEEDS_PENDING("A pending transfer is posted up to its amount, and let go whole."),
    HAS_EXPIRED("The pending transfer has run out; its hours are let go. Post a new transfer."),
    HAS_NOT_EXPIRED("The pending transfer has not run out."),
    ORIGINALS_DAY_IS_CLOSED(
            "The business day of the transfer is closed. Take it back by a refund instead."),
    DAY_IS_CLOSED("The business day it is dated in is closed. Date it in the open one."),
    DEBIT_ACCOUNT_UNKNOWN("The account to be debited does not exist."),
    CREDIT_ACCOUNT_UNKNOWN("The account to be credited does not exist."),
    DEBIT_ACCOUNT_CLOSED("The account to be debited is closed."),
    CREDIT_ACCOUNT_CLOSED("The account to be credited is closed."),
    EXCEEDS_BALANCE(
            "The account does not hold that many hours beside those that are held for others."),
    TOTALS_TOO_LARGE("An account's totals would leave their range."),
    EXCEEDS_LIMIT("The account would leave the limits that were agreed for it.");

    private final String sentence;

    Rejection(String sentence) {
        this.sentence = sentence;
    }

    /// @return the reason as a sentence for whoever asked
    public String sentence() {
        return sentence;
    }
}
