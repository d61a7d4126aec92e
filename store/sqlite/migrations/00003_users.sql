-- +goose Up
CREATE TABLE users (
    -- Stands for the user in interactions. AUTOINCREMENT, since the key of an
    -- erased user must not come back while their interactions are being deleted.
    key        INTEGER PRIMARY KEY AUTOINCREMENT,
    id         TEXT NOT NULL UNIQUE,
    name       TEXT NOT NULL DEFAULT '',
    persona    TEXT NOT NULL DEFAULT '',
    attributes TEXT NOT NULL DEFAULT '{}', -- JSON object
    created    INTEGER NOT NULL
);
CREATE INDEX users_by_name      ON users (name, id) WHERE name <> '';
CREATE INDEX users_with_persona ON users (id) WHERE persona <> '';

-- Tombstones.
CREATE TABLE erasures (
    seq     INTEGER PRIMARY KEY,
    user    TEXT NOT NULL UNIQUE,
    time    INTEGER NOT NULL,
    -- The key of a user whose interactions are not all deleted yet; 0 when done.
    pending INTEGER NOT NULL
);
CREATE INDEX erasures_pending ON erasures (pending) WHERE pending <> 0;

-- +goose Down
DROP TABLE erasures;
DROP TABLE users;
