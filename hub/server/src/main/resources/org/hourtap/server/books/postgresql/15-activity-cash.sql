-- Cash that an entry costs beside its hours, in pence; it is recorded with the tap.
ALTER TABLE activity ADD COLUMN pence BIGINT NOT NULL DEFAULT 0 CHECK (pence >= 0)
