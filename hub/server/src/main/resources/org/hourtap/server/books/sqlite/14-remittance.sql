-- Hours on their way between books that different hubs write: out of the one, and not in the other
-- or back yet. A row goes when they are. book_id is where they go to.
CREATE TABLE remittance (
    book_id TEXT NOT NULL,
    from_book TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    operator TEXT NOT NULL,
    note TEXT NOT NULL,
    made_micros INTEGER NOT NULL,
    -- Why they come back; absent as long as they are on their way there.
    refused TEXT,
    PRIMARY KEY (book_id, from_book, id)
) STRICT, WITHOUT ROWID
--;;
CREATE INDEX remittance_from ON remittance (from_book)
