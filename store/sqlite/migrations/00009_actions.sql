-- +goose Up
-- What admins did; rows are never changed.
CREATE TABLE actions (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    time    INTEGER NOT NULL,
    actor   TEXT NOT NULL,
    address TEXT NOT NULL,
    name    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    outcome TEXT NOT NULL
);
