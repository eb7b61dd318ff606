-- Who writes a book. Whoever takes it over raises the epoch, and every commit looks whether its own
-- still stands; beat moves with each.
CREATE TABLE lease (
    book_id TEXT NOT NULL,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch > 0),
    beat INTEGER NOT NULL,
    PRIMARY KEY (book_id)
) STRICT, WITHOUT ROWID
