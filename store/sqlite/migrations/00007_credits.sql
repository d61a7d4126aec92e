-- +goose Up
-- What events were credited to: see store.Credits. No user is named here.
CREATE TABLE credit_counts (
    day    INTEGER NOT NULL,
    credit TEXT NOT NULL,
    type   INTEGER NOT NULL,
    n      INTEGER NOT NULL,
    PRIMARY KEY (day, credit, type)
) WITHOUT ROWID;

-- +goose Down
DROP TABLE credit_counts;
