-- The hubs that share these books. A file has one hub only, so there is never a row here; the step
-- is the same on both engines.
CREATE TABLE instance (
    id TEXT NOT NULL,
    run TEXT NOT NULL,
    address TEXT NOT NULL,
    wanted TEXT NOT NULL,
    beat INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT, WITHOUT ROWID
