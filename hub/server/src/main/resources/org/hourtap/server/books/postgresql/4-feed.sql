-- One versioned feed per book, compacted to the newest row of each key.
CREATE TABLE feed (
    book_id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('CARD', 'PROFILE', 'POLICY')),
    key TEXT COLLATE "C" NOT NULL,
    cursor BIGINT NOT NULL CHECK (cursor > 0),
    payload TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, kind, key)
)
--;;
CREATE UNIQUE INDEX feed_cursor ON feed (book_id, cursor)
