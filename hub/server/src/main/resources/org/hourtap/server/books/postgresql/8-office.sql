-- What was agreed with whoever has the account; absent: what holds for its kind.
ALTER TABLE account ADD COLUMN least BIGINT
--;;
ALTER TABLE account ADD COLUMN most BIGINT CHECK ((least IS NULL) = (most IS NULL))
--;;
-- What people call a pot, a group or a partner.
ALTER TABLE account ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT ''
--;;
-- Who told the hub to move hours, and why; the hours themselves are in the journal under the same
-- id.
CREATE TABLE instruction (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    operator TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_micros BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
)
--;;
INSERT INTO instruction SELECT book_id, id, operator, note, made_micros FROM adjustment
--;;
DROP TABLE adjustment
--;;
-- Business days that were closed: what was printed then stays.
CREATE TABLE day_close (
    book_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number > 0),
    -- As YYYY-MM-DD.
    day TEXT COLLATE "C" NOT NULL,
    -- The newest transfer of the day, and its hash.
    last_sequence BIGINT NOT NULL,
    hash BYTEA NOT NULL CHECK (octet_length(hash) = 32),
    closed_micros BIGINT NOT NULL,
    operator TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, number),
    UNIQUE (book_id, day)
)
--;;
-- What a pot may be drawn on for: lists are ids with spaces between, empty for all there are.
CREATE TABLE pot_rule (
    book_id TEXT COLLATE "C" NOT NULL,
    pot TEXT COLLATE "C" NOT NULL,
    covers_shortfalls BIGINT NOT NULL CHECK (covers_shortfalls IN (0, 1)),
    members TEXT COLLATE "C" NOT NULL,
    activities TEXT COLLATE "C" NOT NULL,
    most_at_once BIGINT NOT NULL,
    most_per_member BIGINT NOT NULL,
    days BIGINT NOT NULL,
    PRIMARY KEY (book_id, pot)
)
--;;
CREATE TABLE pot_draw (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    pot TEXT COLLATE "C" NOT NULL,
    member TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    drawn_micros BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
)
--;;
CREATE INDEX pot_draw_of_member ON pot_draw (book_id, pot, member, drawn_micros)
--;;
-- The group out of whose allocation shifts of an activity are credited.
CREATE TABLE group_activity (
    book_id TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    group_id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, activity)
)
