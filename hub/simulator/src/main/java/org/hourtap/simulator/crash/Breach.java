package org.hourtap.simulator.crash;

/// Something that must not be.
///
/// @param text what and where, for whoever looks into the files
public record Breach(Kind kind, String text) {
    /// Which promise is broken.
    public enum Kind {
        /// Someone was welcomed, or a terminal journalled it, and the ledger does not have it.
        LOST,
        /// One entry was charged, or one shift paid, more than once.
        TWICE,
        /// Balances are not what their postings add up to, or the books do not sum up to zero.
        UNBALANCED,
        /// The hub has something that no terminal ever wrote.
        UNFOUNDED,
        /// A terminal's cache is not what the hub says.
        CACHE,
        /// A tap is still in doubt.
        DOUBT,
        /// The hub wants someone to look at what no mishap of this kind explains.
        FINDING,
        /// A file is damaged, or a program ended by itself.
        DAMAGE
    }
}
