package org.hourtap.ledger;

import org.hourtap.contract.TerminalId;

/// Where a tap stands in its terminal's journal.
///
/// @param reuse 0, or how often the terminal had used this sequence before: a terminal restored
///   from an old backup counts again from where the backup ended
public record TapOrigin(TerminalId terminal, long sequence, int reuse) {
    public TapOrigin {
        if (sequence < 1 || reuse < 0) {
            throw new IllegalArgumentException("origin: sequence or reuse out of range");
        }
    }
}
