-- What the hub said of its journal, in the order in which it came: signed lines that prove later
-- whether the books are still the same ones. day counts from 1970, by this terminal's clock. beside
-- is the id of the head that this one contradicts, 0 if it contradicts none.
CREATE TABLE head (
    id INTEGER PRIMARY KEY,
    day INTEGER NOT NULL,
    beside INTEGER NOT NULL,
    line TEXT NOT NULL,
    seal INTEGER NOT NULL
) STRICT, WITHOUT ROWID
