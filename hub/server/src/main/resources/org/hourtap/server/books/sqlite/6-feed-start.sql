-- Where cursors went on when a hub started: none between last and cursor was ever given by these
-- books, and a terminal that has one has it from books of which these are a backup.
CREATE TABLE feed_start (
    book_id TEXT NOT NULL,
    last INTEGER NOT NULL,
    cursor INTEGER NOT NULL CHECK (cursor > last),
    PRIMARY KEY (book_id, cursor)
) STRICT, WITHOUT ROWID
