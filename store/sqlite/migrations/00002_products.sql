-- Times are microseconds since 1970 here and everywhere; a time that is not
-- known is that of Go's zero time, far before it.

-- +goose Up
CREATE TABLE products (
    key          INTEGER PRIMARY KEY, -- for the word index only
    id           TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    description  TEXT NOT NULL,
    category     TEXT NOT NULL,
    vendor       TEXT NOT NULL,
    price        INTEGER NOT NULL, -- minor units; negative: unknown
    currency     TEXT NOT NULL,
    image_url    TEXT NOT NULL,
    published    INTEGER NOT NULL,
    out_of_stock INTEGER NOT NULL,
    hidden       INTEGER NOT NULL,
    attributes   TEXT NOT NULL, -- JSON object
    updated      INTEGER NOT NULL,
    -- What listings are ordered by, ascending: newest first and unknown last,
    -- cheapest first and unknown last.
    age          INTEGER AS (-published) VIRTUAL,
    cost         INTEGER AS (CASE WHEN price < 0 THEN 9223372036854775807 ELSE price END) VIRTUAL
);
CREATE INDEX products_by_title    ON products (title, id, hidden);
CREATE INDEX products_by_age      ON products (age, id, hidden);
CREATE INDEX products_by_cost     ON products (cost, id, hidden);
CREATE INDEX products_by_category ON products (category, hidden);
CREATE INDEX products_by_vendor   ON products (vendor, hidden);

-- The words of products. The store keeps them in step itself, many products at
-- a time: a trigger would make the index flush what it gathered at every row.
CREATE VIRTUAL TABLE product_words USING fts5 (
    title, vendor, category, description,
    content = 'products', content_rowid = 'key', tokenize = 'unicode61', prefix = '2 3'
);

-- +goose Down
DROP TABLE product_words;
DROP TABLE products;
