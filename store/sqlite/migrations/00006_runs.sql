-- +goose Up
CREATE TABLE runs (
    seq              INTEGER PRIMARY KEY,
    id               TEXT NOT NULL UNIQUE,
    kind             TEXT NOT NULL,
    state            TEXT NOT NULL,
    title            TEXT NOT NULL,
    progress         REAL NOT NULL,
    message          TEXT NOT NULL,
    input            BLOB,          -- JSON as given
    output           BLOB,          -- JSON as given
    points           TEXT NOT NULL, -- JSON array
    error            TEXT NOT NULL,
    owner            TEXT NOT NULL,
    heartbeat        INTEGER NOT NULL,
    cancel_requested INTEGER NOT NULL,
    created          INTEGER NOT NULL,
    started          INTEGER NOT NULL,
    ended            INTEGER NOT NULL
);
CREATE INDEX runs_by_creation ON runs (created);
CREATE INDEX runs_by_kind     ON runs (kind, created);
CREATE INDEX runs_by_state    ON runs (state, created);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE settings;
DROP TABLE runs;
