-- Everything a terminal keeps. The journal is append-only but for the purge of old rows that are
-- in the ledger, and for a tap in doubt (the card was taking it in), which is settled in its place;
-- what is journalled and above meta.acknowledged is the outbox. counter is the card's transaction
-- counter as it was surely seen with the tap, 0 for a card that has none.
CREATE TABLE journal (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    card TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('SPEND', 'SHIFT_IN', 'SHIFT_OUT', 'DECLINED', 'TORN',
        'DOUBT')),
    minutes INTEGER NOT NULL CHECK (minutes >= 0),
    offline INTEGER NOT NULL CHECK (offline IN (0, 1)),
    boot_id TEXT NOT NULL,
    mono_us INTEGER NOT NULL,
    wall_us INTEGER NOT NULL,
    text TEXT NOT NULL,
    counter INTEGER NOT NULL CHECK (counter >= 0)
) STRICT
--;;
CREATE INDEX journal_card ON journal (card, sequence)
--;;
-- Usually empty, and asked for every second.
CREATE INDEX journal_doubt ON journal (sequence) WHERE kind = 'DOUBT'
--;;
-- Where the journal's numbers go on after a gap. Usually empty.
CREATE TABLE run (start INTEGER PRIMARY KEY) STRICT
--;;
CREATE TABLE card (
    card TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    least_proof TEXT NOT NULL,
    balance INTEGER NOT NULL,
    language TEXT NOT NULL,
    shift_activity TEXT,
    shift_since_us INTEGER,
    counter INTEGER NOT NULL,
    ahead INTEGER NOT NULL,
    allowance INTEGER
) STRICT, WITHOUT ROWID
--;;
-- At most one row each: what the terminal is for, and the limits it decides within.
CREATE TABLE profile (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL) STRICT
--;;
CREATE TABLE policy (id INTEGER PRIMARY KEY CHECK (id = 1), text TEXT NOT NULL) STRICT
--;;
-- seal is a CRC over the four numbers: after damage, a number that only looks sound would
-- make the terminal forget taps.
CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    seal INTEGER NOT NULL,
    salvage TEXT NOT NULL
) STRICT
