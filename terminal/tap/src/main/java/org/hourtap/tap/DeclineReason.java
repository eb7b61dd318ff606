package org.hourtap.tap;

/// Why a tap was not welcomed, in order of precedence. The person is always asked, kindly and in
/// the same words, to see a member of staff; the reason is for staff alone.
public enum DeclineReason {
    NOT_GENUINE(
            "The card could not prove that it is ours. Offer the paper form; keep the card's number."),
    NOT_SET_UP("This terminal does not know yet what it is for. Connect it to the hub once."),
    UNKNOWN_CARD("The hub has not named this card to us. Ask the coordinator to register it."),
    CARD_TURNED_BACK(
            "This card shows an older state than before, as a copy would. Keep it, if you can, for"
                    + " the coordinator."),
    CARD_STOPPED("This card was stopped. The member may have a newer one."),
    NOT_ENOUGH_HOURS("Not enough hours on the account, as far as this terminal knows."),
    OFFLINE_LIMIT(
            "Without the hub, one card may spend only so much here. Try again when it is back.");

    private final String advice;

    DeclineReason(String advice) {
        this.advice = advice;
    }

    /// @return a sentence for staff that says what to do
    public String advice() {
        return advice;
    }
}
