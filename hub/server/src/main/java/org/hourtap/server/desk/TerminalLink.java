package org.hourtap.server.desk;

import org.hourtap.contract.BookId;
import org.hourtap.contract.FeedPage;
import org.hourtap.contract.TerminalId;

/// The way to the terminals.
@FunctionalInterface
public interface TerminalLink {
    /// Sends a page, if the link is up. Must not wait: a page that is lost is asked for again.
    void publish(BookId book, TerminalId terminal, FeedPage page);
}
