-- +goose Up
CREATE TABLE models (
    key INTEGER PRIMARY KEY,
    id  TEXT NOT NULL UNIQUE
);

CREATE TABLE lists (
    key   INTEGER PRIMARY KEY,
    model INTEGER NOT NULL,
    user  TEXT NOT NULL,
    items BLOB NOT NULL -- packed; see list.go
);
CREATE UNIQUE INDEX lists_by_user ON lists (model, user);

CREATE TABLE publications (
    seq      INTEGER PRIMARY KEY,
    model    TEXT NOT NULL,
    previous TEXT NOT NULL,
    token    INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    note     TEXT NOT NULL
);

-- A lease given back or run out keeps its row: tokens must go on growing.
CREATE TABLE leases (
    name    TEXT PRIMARY KEY,
    owner   TEXT NOT NULL,
    token   INTEGER NOT NULL,
    expires INTEGER NOT NULL
) WITHOUT ROWID;

-- +goose Down
DROP TABLE leases;
DROP TABLE publications;
DROP TABLE lists;
DROP TABLE models;
