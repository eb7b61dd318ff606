-- Every tap as it came, from its terminal, on a card that passed by, or both. The id decides whether it is new; the sequence only shows what is missing.
CREATE TABLE tap (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    terminal TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    -- 0, or how often a restored terminal had used this sequence before.
    reuse INTEGER NOT NULL,
    kind TEXT NOT NULL,
    card TEXT NOT NULL,
    -- What the terminal said; empty as long as only a card did.
    text TEXT NOT NULL,
    -- What a card brought, and to which terminal; absent if none did or nothing was learned by it.
    record TEXT,
    brought_to TEXT,
    -- The card's own counter with this tap; absent for cards that do not count.
    counter INTEGER,
    mac TEXT NOT NULL CHECK (mac IN ('VERIFIED', 'WRONG', 'UNCHECKED')),
    received_micros INTEGER NOT NULL,
    -- When it happened by the hub's clock; absent when the terminal has rebooted since.
    hub_micros INTEGER,
    outcome TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (book_id, id),
    UNIQUE (book_id, terminal, sequence, reuse),
    CHECK (text <> '' OR record IS NOT NULL)
) STRICT
--;;
CREATE TABLE shift (
    book_id TEXT NOT NULL,
    -- The tap that opened it.
    id BLOB NOT NULL,
    member TEXT,
    card TEXT NOT NULL,
    activity TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED', 'FORGOTTEN', 'TORN')),
    boot_id TEXT NOT NULL,
    monotonic_micros INTEGER NOT NULL,
    hub_micros INTEGER,
    since_micros INTEGER NOT NULL,
    closed_by BLOB,
    until_micros INTEGER,
    minutes INTEGER NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
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
    book_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    terminal TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    card TEXT NOT NULL,
    note TEXT NOT NULL,
    -- The text as received, and for a conflict the text received first.
    text TEXT NOT NULL,
    other_text TEXT NOT NULL,
    found_micros INTEGER NOT NULL,
    PRIMARY KEY (book_id, number)
) STRICT, WITHOUT ROWID
--;;
CREATE INDEX finding_of_tap ON finding (book_id, terminal, sequence, kind)
