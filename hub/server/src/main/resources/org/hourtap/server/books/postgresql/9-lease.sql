-- Who writes a book. Whoever takes it over raises the epoch, and every commit looks whether its own
-- still stands; beat moves with each.
CREATE TABLE lease (
    book_id TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C" NOT NULL,
    epoch BIGINT NOT NULL CHECK (epoch > 0),
    beat BIGINT NOT NULL,
    PRIMARY KEY (book_id)
) WITH (fillfactor = 10)
