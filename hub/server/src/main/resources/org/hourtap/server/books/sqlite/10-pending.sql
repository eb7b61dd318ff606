-- Transfers that hold hours until somebody decides (PENDING), and those that decide (POSTS, VOIDS,
-- EXPIRES). Absent for all others, whose hash is what it always was (TransferRow).
ALTER TABLE transfer ADD COLUMN stage TEXT
--;;
-- The pending transfer that this one decides.
ALTER TABLE transfer ADD COLUMN decides BLOB
--;;
-- When a pending one runs out; absent if it waits until somebody decides.
ALTER TABLE transfer ADD COLUMN until_micros INTEGER CHECK (
    CASE WHEN stage IS NULL THEN decides IS NULL AND until_micros IS NULL
        WHEN stage = 'PENDING' THEN decides IS NULL
        ELSE stage IN ('POSTS', 'VOIDS', 'EXPIRES') AND decides IS NOT NULL
            AND length(decides) = 16 AND until_micros IS NULL
    END)
--;;
CREATE UNIQUE INDEX transfer_decides ON transfer (book_id, decides) WHERE decides IS NOT NULL
--;;
DROP TRIGGER transfer_stays
--;;
CREATE TRIGGER transfer_stays BEFORE UPDATE ON transfer
WHEN OLD.hash IS NOT NULL
    OR (NEW.book_id, NEW.sequence, NEW.id, NEW.debit, NEW.credit, NEW.minutes, NEW.reason,
        NEW.corrects, NEW.terminal, NEW.tap_sequence, NEW.tap_reuse, NEW.leg, NEW.event_micros,
        NEW.posted_micros, NEW.debit_previous, NEW.credit_previous, NEW.debit_balance,
        NEW.credit_balance, NEW.stage, NEW.decides, NEW.until_micros)
    IS NOT (OLD.book_id, OLD.sequence, OLD.id, OLD.debit, OLD.credit, OLD.minutes, OLD.reason,
        OLD.corrects, OLD.terminal, OLD.tap_sequence, OLD.tap_reuse, OLD.leg, OLD.event_micros,
        OLD.posted_micros, OLD.debit_previous, OLD.credit_previous, OLD.debit_balance,
        OLD.credit_balance, OLD.stage, OLD.decides, OLD.until_micros)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: correct with another transfer');
END
--;;
ALTER TABLE declined ADD COLUMN stage TEXT
--;;
ALTER TABLE declined ADD COLUMN decides BLOB
--;;
ALTER TABLE declined ADD COLUMN until_micros INTEGER
--;;
-- What pending transfers may still take and give.
ALTER TABLE account ADD COLUMN pending_debits INTEGER NOT NULL DEFAULT 0
    CHECK (pending_debits >= 0 AND (kind <> 'MEMBER' OR credits - debits >= pending_debits))
--;;
ALTER TABLE account ADD COLUMN pending_credits INTEGER NOT NULL DEFAULT 0
    CHECK (pending_credits >= 0)
--;;
-- Pending transfers that are not decided, and when the hub looks at them next: when their time is
-- over, or once when they have waited for long. Only a help to find them; the journal says it all.
CREATE TABLE undecided (
    book_id TEXT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    due_micros INTEGER,
    PRIMARY KEY (book_id, id)
) STRICT, WITHOUT ROWID
--;;
CREATE INDEX undecided_due ON undecided (book_id, due_micros) WHERE due_micros IS NOT NULL
--;;
-- Whether shifts wait until a coordinator approves them.
ALTER TABLE activity ADD COLUMN needs_approval INTEGER NOT NULL DEFAULT 0
    CHECK (needs_approval IN (0, 1))
