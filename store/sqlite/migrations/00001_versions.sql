-- Counters that only grow. catalog, users and counts tell readers that they
-- hold something old; log is the last sequence number given to an interaction
-- and user_total the number of users, which would be slow to count.

-- +goose Up
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    n    INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO counters (name, n) VALUES ('catalog', 0), ('users', 0), ('counts', 0), ('log', 0), ('user_total', 0);

-- +goose Down
DROP TABLE counters;
