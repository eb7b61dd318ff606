-- One versioned feed per book, compacted to the newest row of each key.
CREATE TABLE feed (
    book_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('CARD', 'PROFILE', 'POLICY')),
    key TEXT NOT NULL,
    cursor INTEGER NOT NULL CHECK (cursor > 0),
    payload TEXT NOT NULL,
    PRIMARY KEY (book_id, kind, key)
) STRICT, WITHOUT ROWID
--;;
CREATE UNIQUE INDEX feed_cursor ON feed (book_id, cursor)
