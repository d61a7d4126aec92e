-- +goose Up

-- Stands for product ids in interactions and counts, whether or not there is
-- such a product.
CREATE TABLE items (
    key INTEGER PRIMARY KEY,
    id  TEXT NOT NULL UNIQUE
);

-- The log, and through its indices everything that follows from it.
CREATE TABLE interactions (
    seq            INTEGER PRIMARY KEY,
    user           INTEGER NOT NULL,
    item           INTEGER NOT NULL,
    type           INTEGER NOT NULL,
    value          REAL NOT NULL,
    time           INTEGER NOT NULL,
    event          TEXT NOT NULL,
    basket         TEXT NOT NULL,
    recommendation TEXT NOT NULL,
    recorded       INTEGER NOT NULL
);
-- Append once.
CREATE UNIQUE INDEX interactions_by_event ON interactions (user, event);
-- Histories: one ordered run per type, merged when read.
CREATE INDEX interactions_by_time ON interactions (user, type, time);
-- The latest rating of a product: the last entry of its run. 4 is RATING.
CREATE INDEX interactions_by_rated ON interactions (user, item, time) WHERE type = 4;

-- Pieces of a day, to be added up; see count.go.
CREATE TABLE day_counts (
    day    INTEGER NOT NULL,
    piece  INTEGER NOT NULL,
    counts BLOB NOT NULL, -- packed; see packed_count.go
    PRIMARY KEY (day, piece)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE day_counts;
DROP TABLE interactions;
DROP TABLE items;
