-- Every key is led by book_id, so that books can be spread over hubs without a change of layout.
CREATE TABLE book (
    book_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Whether cards that show nothing but a number are taken in this scheme.
    uid_cards INTEGER NOT NULL DEFAULT 0 CHECK (uid_cards IN (0, 1))
) STRICT, WITHOUT ROWID
--;;
CREATE TABLE account (
    book_id TEXT NOT NULL REFERENCES book,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    debits INTEGER NOT NULL CHECK (debits >= 0),
    credits INTEGER NOT NULL CHECK (credits >= 0),
    last_entry INTEGER NOT NULL CHECK (last_entry >= 0),
    is_closed INTEGER NOT NULL CHECK (is_closed IN (0, 1)),
    PRIMARY KEY (book_id, number),
    UNIQUE (book_id, kind, owner),
    CHECK (kind <> 'MEMBER' OR credits >= debits)
) STRICT, WITHOUT ROWID
--;;
-- The journal. Both sides' previous entry and running balance lie in the row itself, so that a
-- statement needs no second index.
CREATE TABLE transfer (
    book_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    id BLOB NOT NULL CHECK (length(id) = 16),
    debit INTEGER NOT NULL,
    credit INTEGER NOT NULL CHECK (credit <> debit),
    minutes INTEGER NOT NULL CHECK (minutes > 0),
    reason TEXT NOT NULL,
    corrects BLOB,
    terminal TEXT,
    tap_sequence INTEGER,
    tap_reuse INTEGER,
    leg INTEGER NOT NULL,
    event_micros INTEGER NOT NULL,
    posted_micros INTEGER NOT NULL,
    debit_previous INTEGER NOT NULL,
    credit_previous INTEGER NOT NULL,
    debit_balance INTEGER NOT NULL,
    credit_balance INTEGER NOT NULL,
    PRIMARY KEY (book_id, sequence),
    FOREIGN KEY (book_id, debit) REFERENCES account (book_id, number),
    FOREIGN KEY (book_id, credit) REFERENCES account (book_id, number),
    CHECK ((terminal IS NULL) = (tap_sequence IS NULL) AND (terminal IS NULL) = (tap_reuse IS NULL))
) STRICT
--;;
CREATE UNIQUE INDEX transfer_id ON transfer (book_id, id)
--;;
CREATE UNIQUE INDEX transfer_tap ON transfer (book_id, terminal, tap_sequence, tap_reuse, leg)
    WHERE terminal IS NOT NULL
--;;
CREATE UNIQUE INDEX transfer_corrects ON transfer (book_id, corrects) WHERE corrects IS NOT NULL
--;;
CREATE TRIGGER transfer_stays BEFORE UPDATE ON transfer
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: correct with another transfer');
END
--;;
CREATE TRIGGER transfer_remains BEFORE DELETE ON transfer
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: correct with another transfer');
END
--;;
-- Transfers that were refused: their ids stay refused.
CREATE TABLE declined (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    debit TEXT NOT NULL,
    credit TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    reason TEXT NOT NULL,
    corrects BLOB,
    terminal TEXT,
    tap_sequence INTEGER,
    tap_reuse INTEGER,
    event_micros INTEGER NOT NULL,
    rejection TEXT NOT NULL,
    declined_micros INTEGER NOT NULL,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
