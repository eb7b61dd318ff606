-- Transfers that hold hours until somebody decides (PENDING), and those that decide (POSTS, VOIDS,
-- EXPIRES). Absent for all others, whose hash is what it always was (TransferRow).
ALTER TABLE transfer ADD COLUMN stage TEXT COLLATE "C"
--;;
-- The pending transfer that this one decides.
ALTER TABLE transfer ADD COLUMN decides BYTEA
--;;
-- When a pending one runs out; absent if it waits until somebody decides.
ALTER TABLE transfer ADD COLUMN until_micros BIGINT CHECK (
    CASE WHEN stage IS NULL THEN decides IS NULL AND until_micros IS NULL
        WHEN stage = 'PENDING' THEN decides IS NULL
        ELSE stage IN ('POSTS', 'VOIDS', 'EXPIRES') AND decides IS NOT NULL
            AND octet_length(decides) = 16 AND until_micros IS NULL
    END)
--;;
CREATE UNIQUE INDEX transfer_decides ON transfer (book_id, decides) WHERE decides IS NOT NULL
--;;
ALTER TABLE declined ADD COLUMN stage TEXT COLLATE "C"
--;;
ALTER TABLE declined ADD COLUMN decides BYTEA
--;;
ALTER TABLE declined ADD COLUMN until_micros BIGINT
--;;
-- What pending transfers may still take and give.
ALTER TABLE account ADD COLUMN pending_debits BIGINT NOT NULL DEFAULT 0
    CHECK (pending_debits >= 0 AND (kind <> 'MEMBER' OR credits - debits >= pending_debits))
--;;
ALTER TABLE account ADD COLUMN pending_credits BIGINT NOT NULL DEFAULT 0
    CHECK (pending_credits >= 0)
--;;
-- Pending transfers that are not decided, and when the hub looks at them next: when their time is
-- over, or once when they have waited for long. Only a help to find them; the journal says it all.
CREATE TABLE undecided (
    book_id TEXT COLLATE "C" NOT NULL,
    id BYTEA NOT NULL CHECK (octet_length(id) = 16),
    due_micros BIGINT,
    PRIMARY KEY (book_id, id)
)
--;;
CREATE INDEX undecided_due ON undecided (book_id, due_micros) WHERE due_micros IS NOT NULL
--;;
-- Whether shifts wait until a coordinator approves them.
ALTER TABLE activity ADD COLUMN needs_approval BIGINT NOT NULL DEFAULT 0
    CHECK (needs_approval IN (0, 1))
