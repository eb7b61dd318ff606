-- Where cursors went on when a hub started: none between last and cursor was ever given by these
-- books, and a terminal that has one has it from books of which these are a backup.
CREATE TABLE feed_start (
    book_id TEXT COLLATE "C" NOT NULL,
    last BIGINT NOT NULL,
    cursor BIGINT NOT NULL CHECK (cursor > last),
    PRIMARY KEY (book_id, cursor)
)
