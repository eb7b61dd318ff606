-- Hours on their way between books that different hubs write: out of the one, and not in the other
-- or back yet. A row goes when they are. book_id is where they go to.
CREATE TABLE remittance (
    book_id TEXT COLLATE "C" NOT NULL,
    from_book TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    from_account TEXT COLLATE "C" NOT NULL,
    to_account TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    operator TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_micros BIGINT NOT NULL,
    -- Why they come back; absent as long as they are on their way there.
    refused TEXT COLLATE "C",
    PRIMARY KEY (book_id, from_book, id)
)
--;;
CREATE INDEX remittance_from ON remittance (from_book)
