-- The hash of each transfer over the one before it and its own values (Chain).
ALTER TABLE transfer ADD COLUMN hash BYTEA NOT NULL CHECK (octet_length(hash) = 32)
