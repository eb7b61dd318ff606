CREATE TABLE member (
    book_id TEXT COLLATE "C" NOT NULL REFERENCES book,
    id TEXT COLLATE "C" NOT NULL,
    first_name TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, id)
)
--;;
CREATE TABLE card (
    book_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    member TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('ACTIVE', 'STOPPED')),
    least_proof TEXT COLLATE "C" NOT NULL,
    -- Which of the taps the card itself counts are in the books: all up to counter, and those of
    -- the bits of ahead, the lowest of which is counter + 2.
    counter BIGINT NOT NULL CHECK (counter >= 0),
    ahead BIGINT NOT NULL,
    -- Minutes it may still spend, for a card lent to a helper; absent without such a limit.
    allowance BIGINT,
    -- The card that was issued in its place, so that asking for that again is no second card.
    replaced_by TEXT COLLATE "C",
    PRIMARY KEY (book_id, id),
    FOREIGN KEY (book_id, member) REFERENCES member (book_id, id)
)
--;;
CREATE INDEX card_of_member ON card (book_id, member)
--;;
CREATE TABLE venue (
    book_id TEXT COLLATE "C" NOT NULL REFERENCES book,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, id)
)
--;;
CREATE TABLE activity (
    book_id TEXT COLLATE "C" NOT NULL REFERENCES book,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('SPEND', 'SHIFT')),
    price BIGINT NOT NULL CHECK (price >= 0),
    round_up_to BIGINT NOT NULL CHECK (round_up_to > 0),
    PRIMARY KEY (book_id, id)
)
--;;
CREATE TABLE terminal (
    book_id TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    venue TEXT COLLATE "C" NOT NULL,
    mode TEXT COLLATE "C" NOT NULL CHECK (mode IN ('ENTRANCE', 'SHIFT')),
    activity TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    passback_seconds BIGINT NOT NULL,
    offline_limit BIGINT NOT NULL,
    carried_limit BIGINT NOT NULL,
    -- Its name in the four bytes that a card record has for it.
    tag BIGINT NOT NULL,
    is_revoked BIGINT NOT NULL CHECK (is_revoked IN (0, 1)),
    certificate_serial TEXT COLLATE "C",
    -- The tap up to which everything the terminal sent is in the books. Until a terminal that was
    -- restored from an old backup has sent something, that is not known: is_rewound.
    last_sequence BIGINT NOT NULL,
    is_rewound BIGINT NOT NULL CHECK (is_rewound IN (0, 1)),
    PRIMARY KEY (book_id, id),
    UNIQUE (book_id, tag),
    FOREIGN KEY (book_id, venue) REFERENCES venue (book_id, id),
    FOREIGN KEY (book_id, activity) REFERENCES activity (book_id, id)
)
--;;
-- A terminal's one-time code until it is used, replaced or too old.
CREATE TABLE enrolment_code (
    book_id TEXT COLLATE "C" NOT NULL,
    terminal TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    expires_micros BIGINT NOT NULL,
    -- The key it was used for; that terminal may ask again should the answer be lost.
    used_key TEXT COLLATE "C",
    PRIMARY KEY (book_id, terminal),
    FOREIGN KEY (book_id, terminal) REFERENCES terminal (book_id, id)
)
--;;
-- Who adjusted what, and why; the hours themselves are in the journal under the same id.
CREATE TABLE adjustment (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    member TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    operator TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    made_micros BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
)
