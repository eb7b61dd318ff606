-- What was agreed with whoever has the account; absent: what holds for its kind.
ALTER TABLE account ADD COLUMN least INTEGER
--;;
ALTER TABLE account ADD COLUMN most INTEGER CHECK ((least IS NULL) = (most IS NULL))
--;;
-- What people call a pot, a group or a partner.
ALTER TABLE account ADD COLUMN name TEXT NOT NULL DEFAULT ''
--;;
-- Who told the hub to move hours, and why; the hours themselves are in the journal under the same
-- id.
CREATE TABLE instruction (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    operator TEXT NOT NULL,
    note TEXT NOT NULL,
    made_micros INTEGER NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
INSERT INTO instruction SELECT book_id, id, operator, note, made_micros FROM adjustment
--;;
DROP TABLE adjustment
--;;
-- Business days that were closed: what was printed then stays.
CREATE TABLE day_close (
    book_id TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number > 0),
    -- As YYYY-MM-DD.
    day TEXT NOT NULL,
    -- The newest transfer of the day, and its hash.
    last_sequence INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    closed_micros INTEGER NOT NULL,
    operator TEXT NOT NULL,
    PRIMARY KEY (book_id, number),
    UNIQUE (book_id, day)
) STRICT, WITHOUT ROWID
--;;
-- What a pot may be drawn on for: lists are ids with spaces between, empty for all there are.
CREATE TABLE pot_rule (
    book_id TEXT NOT NULL,
    pot TEXT NOT NULL,
    covers_shortfalls INTEGER NOT NULL CHECK (covers_shortfalls IN (0, 1)),
    members TEXT NOT NULL,
    activities TEXT NOT NULL,
    most_at_once INTEGER NOT NULL,
    most_per_member INTEGER NOT NULL,
    days INTEGER NOT NULL,
    PRIMARY KEY (book_id, pot)
) STRICT, WITHOUT ROWID
--;;
CREATE TABLE pot_draw (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    pot TEXT NOT NULL,
    member TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    drawn_micros INTEGER NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE INDEX pot_draw_of_member ON pot_draw (book_id, pot, member, drawn_micros)
--;;
-- The group out of whose allocation shifts of an activity are credited.
CREATE TABLE group_activity (
    book_id TEXT NOT NULL,
    activity TEXT NOT NULL,
    group_id TEXT NOT NULL,
    PRIMARY KEY (book_id, activity)
) STRICT, WITHOUT ROWID
