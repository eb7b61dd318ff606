package org.hourtap.contract;

import java.util.Optional;

/// The topic tree, built and parsed here and nowhere else: `hourtap/1/{book}/{terminal}/up/{leaf}`
/// and `…/down/{leaf}`, and `hourtap/1/{book}/head` for all of a book. The `1` is the version of
/// the wire. Everything of one terminal is under one prefix, so that its rights at a broker are one
/// line.
public final class Topics {
    private static final String ROOT = "hourtap/1/";

    private Topics() {}

    /// Where a message goes.
    public enum Leaf {
        EVENTS(true, "events"),
        HELLO(true, "hello"),
        GET(true, "get"),
        STATE(true, "state"),
        FEED(false, "feed");

        private final boolean isUp;
        private final String name;

        Leaf(boolean isUp, String name) {
            this.isUp = isUp;
            this.name = name;
        }

        private String path() {
            return (isUp ? "up/" : "down/") + name;
        }
    }

    /// A parsed topic.
    public record Topic(BookId book, TerminalId terminal, Leaf leaf) {
        @Override
        public String toString() {
            return terminalPrefix(book, terminal) + leaf.path();
        }
    }

    /// @return where `message` travels when it concerns this terminal
    public static String of(BookId book, TerminalId terminal, Message message) {
        Leaf leaf =
                switch (message) {
                    case EventBatch _ -> Leaf.EVENTS;
                    case Hello _ -> Leaf.HELLO;
                    case FeedRequest _ -> Leaf.GET;
                    case TerminalReport _ -> Leaf.STATE;
                    case FeedPage _ -> Leaf.FEED;
                };
        return new Topic(book, terminal, leaf).toString();
    }

    /// @return the prefix that holds all a terminal may write, with a trailing slash
    public static String upPrefix(BookId book, TerminalId terminal) {
        return terminalPrefix(book, terminal) + "up/";
    }

    /// @return the prefix that holds all a terminal may read, with a trailing slash
    public static String downPrefix(BookId book, TerminalId terminal) {
        return terminalPrefix(book, terminal) + "down/";
    }

    /// @return the filter a hub subscribes to for a book it holds
    public static String everythingUp(BookId book) {
        return ROOT + book + "/+/up/+";
    }

    /// @return where the hub keeps the newest signed head of the book's journal, retained; it is
    ///   text, not a [Message]
    public static String head(BookId book) {
        return ROOT + book + "/head";
    }

    /// @return the topic, or empty if it is not one of a terminal's
    public static Optional<Topic> parse(String topic) {
        String[] parts = topic.split("/", -1);
        if (parts.length != 6
                || !topic.startsWith(ROOT)
                || !Identifier.isValid(parts[2])
                || !Identifier.isValid(parts[3])) {
            return Optional.empty();
        }
        String path = parts[4] + "/" + parts[5];
        for (Leaf leaf : Leaf.values()) {
            if (leaf.path().equals(path)) {
                return Optional.of(new Topic(new BookId(parts[2]), new TerminalId(parts[3]), leaf));
            }
        }
        return Optional.empty();
    }

    private static String terminalPrefix(BookId book, TerminalId terminal) {
        return ROOT + book + "/" + terminal + "/";
    }
}
