CREATE TABLE member (
    book_id TEXT NOT NULL REFERENCES book,
    id TEXT NOT NULL,
    first_name TEXT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE TABLE card (
    book_id TEXT NOT NULL,
    id TEXT NOT NULL,
    member TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'STOPPED')),
    least_proof TEXT NOT NULL,
    -- Which of the taps the card itself counts are in the books: all up to counter, and those of
    -- the bits of ahead, the lowest of which is counter + 2.
    counter INTEGER NOT NULL CHECK (counter >= 0),
    ahead INTEGER NOT NULL,
    -- Minutes it may still spend, for a card lent to a helper; absent without such a limit.
    allowance INTEGER,
    -- The card that was issued in its place, so that asking for that again is no second card.
    replaced_by TEXT,
    PRIMARY KEY (book_id, id),
    FOREIGN KEY (book_id, member) REFERENCES member (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE INDEX card_of_member ON card (book_id, member)
--;;
CREATE TABLE venue (
    book_id TEXT NOT NULL REFERENCES book,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE TABLE activity (
    book_id TEXT NOT NULL REFERENCES book,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('SPEND', 'SHIFT')),
    price INTEGER NOT NULL CHECK (price >= 0),
    round_up_to INTEGER NOT NULL CHECK (round_up_to > 0),
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE TABLE terminal (
    book_id TEXT NOT NULL,
    id TEXT NOT NULL,
    venue TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('ENTRANCE', 'SHIFT')),
    activity TEXT NOT NULL,
    language TEXT NOT NULL,
    passback_seconds INTEGER NOT NULL,
    offline_limit INTEGER NOT NULL,
    carried_limit INTEGER NOT NULL,
    -- Its name in the four bytes that a card record has for it.
    tag INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL CHECK (is_revoked IN (0, 1)),
    certificate_serial TEXT,
    -- The tap up to which everything the terminal sent is in the books. Until a terminal that was
    -- restored from an old backup has sent something, that is not known: is_rewound.
    last_sequence INTEGER NOT NULL,
    is_rewound INTEGER NOT NULL CHECK (is_rewound IN (0, 1)),
    PRIMARY KEY (book_id, id),
    UNIQUE (book_id, tag),
    FOREIGN KEY (book_id, venue) REFERENCES venue (book_id, id),
    FOREIGN KEY (book_id, activity) REFERENCES activity (book_id, id)
) STRICT, WITHOUT ROWID
--;;
-- A terminal's one-time code until it is used, replaced or too old.
CREATE TABLE enrolment_code (
    book_id TEXT NOT NULL,
    terminal TEXT NOT NULL,
    code TEXT NOT NULL,
    expires_micros INTEGER NOT NULL,
    -- The key it was used for; that terminal may ask again should the answer be lost.
    used_key TEXT,
    PRIMARY KEY (book_id, terminal),
    FOREIGN KEY (book_id, terminal) REFERENCES terminal (book_id, id)
) STRICT, WITHOUT ROWID
--;;
-- Who adjusted what, and why; the hours themselves are in the journal under the same id.
CREATE TABLE adjustment (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    member TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    operator TEXT NOT NULL,
    note TEXT NOT NULL,
    made_micros INTEGER NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
