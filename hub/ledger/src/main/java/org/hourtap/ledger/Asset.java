package org.hourtap.ledger;

/// What an account counts. Nothing turns one into the other: hours have no price in money.
public enum Asset {
    /// Minutes of time given and spent.
    MINUTES("minutes"),
    /// Pence of cash taken beside hours, which the books only record.
    PENCE("pence");

    private final String unit;

    Asset(String unit) {
        this.unit = unit;
    }

    /// @return what it is called in sentences and in the interface
    public String unit() {
        return unit;
    }
}
