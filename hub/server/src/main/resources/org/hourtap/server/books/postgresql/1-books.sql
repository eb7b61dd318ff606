-- The layout of ../sqlite in PostgreSQL's words, step by step. Every key is led by book_id, so that
-- books can be spread over hubs, and over the machines of a distributed database. Text is compared
-- byte by byte, as SQLite does.
CREATE TABLE book (
    book_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    -- Whether cards that show nothing but a number are taken in this scheme.
    uid_cards BIGINT NOT NULL DEFAULT 0 CHECK (uid_cards IN (0, 1))
)
--;;
CREATE TABLE account (
    book_id TEXT COLLATE "C" NOT NULL REFERENCES book,
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    debits BIGINT NOT NULL CHECK (debits >= 0),
    credits BIGINT NOT NULL CHECK (credits >= 0),
    last_entry BIGINT NOT NULL CHECK (last_entry >= 0),
    is_closed BIGINT NOT NULL CHECK (is_closed IN (0, 1)),
    PRIMARY KEY (book_id, number),
    UNIQUE (book_id, kind, owner),
    CHECK (kind <> 'MEMBER' OR credits >= debits)
)
--;;
-- The journal. Both sides' previous entry and running balance lie in the row itself, so that a
-- statement needs no second index.
CREATE TABLE transfer (
    book_id TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    debit BIGINT NOT NULL,
    credit BIGINT NOT NULL CHECK (credit <> debit),
    minutes BIGINT NOT NULL CHECK (minutes > 0),
    reason TEXT COLLATE "C" NOT NULL,
    corrects BYTEA,
    terminal TEXT COLLATE "C",
    tap_sequence BIGINT,
    tap_reuse BIGINT,
    leg BIGINT NOT NULL,
    event_micros BIGINT NOT NULL,
    posted_micros BIGINT NOT NULL,
    debit_previous BIGINT NOT NULL,
    credit_previous BIGINT NOT NULL,
    debit_balance BIGINT NOT NULL,
    credit_balance BIGINT NOT NULL,
    PRIMARY KEY (book_id, sequence),
    FOREIGN KEY (book_id, debit) REFERENCES account (book_id, number),
    FOREIGN KEY (book_id, credit) REFERENCES account (book_id, number),
    CHECK ((terminal IS NULL) = (tap_sequence IS NULL) AND (terminal IS NULL) = (tap_reuse IS NULL))
)
--;;
CREATE UNIQUE INDEX transfer_id ON transfer (book_id, id)
--;;
CREATE UNIQUE INDEX transfer_tap ON transfer (book_id, terminal, tap_sequence, tap_reuse, leg)
    WHERE terminal IS NOT NULL
--;;
CREATE UNIQUE INDEX transfer_corrects ON transfer (book_id, corrects) WHERE corrects IS NOT NULL
--;;
CREATE FUNCTION transfer_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: correct with another transfer';
END
$$
--;;
CREATE TRIGGER transfer_stays BEFORE UPDATE OR DELETE ON transfer
    FOR EACH ROW EXECUTE FUNCTION transfer_is_append_only()
--;;
CREATE TRIGGER transfer_remains BEFORE TRUNCATE ON transfer
    FOR EACH STATEMENT EXECUTE FUNCTION transfer_is_append_only()
--;;
-- Transfers that were refused: their ids stay refused.
CREATE TABLE declined (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    debit TEXT COLLATE "C" NOT NULL,
    credit TEXT COLLATE "C" NOT NULL,
    minutes BIGINT NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    corrects BYTEA,
    terminal TEXT COLLATE "C",
    tap_sequence BIGINT,
    tap_reuse BIGINT,
    event_micros BIGINT NOT NULL,
    rejection TEXT COLLATE "C" NOT NULL,
    declined_micros BIGINT NOT NULL,
    PRIMARY KEY (book_id, id)
)
