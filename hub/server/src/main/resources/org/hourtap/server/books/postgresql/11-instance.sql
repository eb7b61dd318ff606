-- The hubs that share these books. Each moves its beat about once a second, and is taken for dead
-- by the others when they have not seen it move for a while, each by a clock of its own. A run is
-- one start of one hub; wanted names the books it would write, or is * for all.
CREATE TABLE instance (
    id TEXT COLLATE "C" NOT NULL,
    run TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    wanted TEXT COLLATE "C" NOT NULL,
    beat BIGINT NOT NULL,
    PRIMARY KEY (id)
) WITH (fillfactor = 10)
