-- Each row carries a checksum over its other columns (seal, CRC-32C), looked at whenever the row is
-- read: memory cards flip bits, and SQLite does not notice.
ALTER TABLE journal ADD COLUMN seal INTEGER NOT NULL DEFAULT 0
--;;
UPDATE journal SET seal = seal_of(sequence, id, card, kind, minutes, offline, boot_id, mono_us,
    wall_us, text, counter)
--;;
ALTER TABLE card ADD COLUMN seal INTEGER NOT NULL DEFAULT 0
--;;
UPDATE card SET seal = seal_of(card, status, least_proof, balance, language, shift_activity,
    shift_since_us, counter, ahead, allowance)
--;;
ALTER TABLE profile ADD COLUMN seal INTEGER NOT NULL DEFAULT 0
--;;
UPDATE profile SET seal = seal_of(text)
--;;
ALTER TABLE policy ADD COLUMN seal INTEGER NOT NULL DEFAULT 0
--;;
UPDATE policy SET seal = seal_of(text)
--;;
-- Where the numbers go on after a gap is seen from the journal itself.
DROP TABLE run
