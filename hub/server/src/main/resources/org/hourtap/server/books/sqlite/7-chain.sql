-- The hash of each transfer over the one before it and its own values (Chain). Absent only in
-- rows from before there was a chain, until the next start gives them theirs.
ALTER TABLE transfer ADD COLUMN hash BLOB CHECK (length(hash) = 32)
--;;
CREATE INDEX transfer_unchained ON transfer (book_id, sequence) WHERE hash IS NULL
--;;
DROP TRIGGER transfer_stays
--;;
CREATE TRIGGER transfer_stays BEFORE UPDATE ON transfer
WHEN OLD.hash IS NOT NULL
    OR (NEW.book_id, NEW.sequence, NEW.id, NEW.debit, NEW.credit, NEW.minutes, NEW.reason,
        NEW.corrects, NEW.terminal, NEW.tap_sequence, NEW.tap_reuse, NEW.leg, NEW.event_micros,
        NEW.posted_micros, NEW.debit_previous, NEW.credit_previous, NEW.debit_balance,
        NEW.credit_balance)
    IS NOT (OLD.book_id, OLD.sequence, OLD.id, OLD.debit, OLD.credit, OLD.minutes, OLD.reason,
        OLD.corrects, OLD.terminal, OLD.tap_sequence, OLD.tap_reuse, OLD.leg, OLD.event_micros,
        OLD.posted_micros, OLD.debit_previous, OLD.credit_previous, OLD.debit_balance,
        OLD.credit_balance)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only: correct with another transfer');
END
