-- Every tap as it came, from its terminal, on a card that passed by, or both. The id decides whether it is new; the sequence only shows what is missing.
CREATE TABLE tap (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    terminal TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    -- 0, or how often a restored terminal had used this sequence before.
    reuse BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    card TEXT COLLATE "C" NOT NULL,
    -- What the terminal said; empty as long as only a card did.
    text TEXT COLLATE "C" NOT NULL,
    -- What a card brought, and to which terminal; absent if none did or nothing was learned by it.
    record TEXT COLLATE "C",
    brought_to TEXT COLLATE "C",
    -- The card's own counter with this tap; absent for cards that do not count.
    counter BIGINT,
    mac TEXT COLLATE "C" NOT NULL CHECK (mac IN ('VERIFIED', 'WRONG', 'UNCHECKED')),
    received_micros BIGINT NOT NULL,
    -- When it happened by the hub's clock; absent when the terminal has rebooted since.
    hub_micros BIGINT,
    outcome TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (book_id, id),
    UNIQUE (book_id, terminal, sequence, reuse),
    CHECK (text <> '' OR record IS NOT NULL)
)
--;;
CREATE TABLE shift (
    book_id TEXT COLLATE "C" NOT NULL,
    -- The tap that opened it.
    id BYTEA NOT NULL,
    member TEXT COLLATE "C",
    card TEXT COLLATE "C" NOT NULL,
    activity TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL CHECK (state IN ('OPEN', 'CLOSED', 'FORGOTTEN', 'TORN')),
    boot_id TEXT COLLATE "C" NOT NULL,
    monotonic_micros BIGINT NOT NULL,
    hub_micros BIGINT,
    since_micros BIGINT NOT NULL,
    closed_by BYTEA,
    until_micros BIGINT,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
)
--;;
CREATE INDEX shift_of_member ON shift (book_id, member, since_micros)
--;;
CREATE UNIQUE INDEX shift_open_of_member ON shift (book_id, member)
    WHERE state = 'OPEN' AND member IS NOT NULL
--;;
CREATE UNIQUE INDEX shift_open_of_card ON shift (book_id, card)
    WHERE state = 'OPEN' AND member IS NULL
--;;
-- What someone has to look at.
CREATE TABLE finding (
    book_id TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    terminal TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    card TEXT COLLATE "C" NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    -- The text as received, and for a conflict the text received first.
    text TEXT COLLATE "C" NOT NULL,
    other_text TEXT COLLATE "C" NOT NULL,
    found_micros BIGINT NOT NULL,
    PRIMARY KEY (book_id, number)
)
--;;
CREATE INDEX finding_of_tap ON finding (book_id, terminal, sequence, kind)
