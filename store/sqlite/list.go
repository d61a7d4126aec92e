package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"valse/store"
)

// listFormat is the first byte of a packed list.
//
//	1: per entry the length of the product id (varint), the id, the score
//	   (float32, little endian)
const listFormat = 1

// errList says that a packed list is not what packList wrote.
var errList = errors.New("packed list is damaged")

func packList(items []store.Scored) []byte {
	b := []byte{listFormat}
	for _, i := range items {
		b = binary.AppendUvarint(b, uint64(len(i.ProductID)))
		b = append(b, i.ProductID...)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(i.Score))
	}
	return b
}

func unpackList(b []byte) ([]store.Scored, error) {
	if len(b) == 0 || b[0] != listFormat {
		return nil, errList
	}
	var items []store.Scored
	for b = b[1:]; len(b) > 0; {
		length, n := binary.Uvarint(b)
		if n <= 0 || uint64(len(b)-n) < 4 || length > uint64(len(b)-n-4) {
			return nil, errList
		}
		id, rest := b[n:n+int(length)], b[n+int(length):]
		items = append(items, store.Scored{ProductID: string(id), Score: math.Float32frombits(binary.LittleEndian.Uint32(rest))})
		b = rest[4:]
	}
	return items, nil
}

// PutLists stores lists under a model; see [store.Serving].
func (s *Store) PutLists(ctx context.Context, modelID string, lists []store.List) error {
	for chunk := range slices.Chunk(lists, putChunk) {
		if err := s.write(ctx, func(t *tx) error { return t.putLists(modelID, chunk) }); err != nil {
			return fmt.Errorf("put lists of model %q: %w", modelID, err)
		}
	}
	return nil
}

func (t *tx) putLists(modelID string, lists []store.List) error {
	if _, err := t.exec("INSERT INTO models (id) VALUES (?) ON CONFLICT DO NOTHING", modelID); err != nil {
		return err
	}
	var model int64
	if err := t.get([]any{&model}, "SELECT key FROM models WHERE id = ?", modelID); err != nil {
		return err
	}
	ids := make([]string, len(lists))
	for n, l := range lists {
		ids[n] = l.UserID
	}
	erased, err := t.erasedAmong(ids)
	if err != nil {
		return err
	}
	rows := t.into("lists (model, user, items)", 3, " ON CONFLICT (model, user) DO UPDATE SET items = excluded.items")
	for _, l := range lists {
		if erased[l.UserID] {
			continue
		}
		if err := rows.add(model, l.UserID, packList(l.Items)); err != nil {
			return err
		}
	}
	return rows.flush()
}

// List returns a user's list under a model.
func (s *Store) List(ctx context.Context, modelID, userID string) (store.List, error) {
	var packed []byte
	err := s.read.get(ctx, []any{&packed}, "SELECT l.items FROM models m CROSS JOIN lists l ON l.model = m.key AND l.user = ? WHERE m.id = ?", userID, modelID)
	if err != nil {
		return store.List{}, fmt.Errorf("list of user %q under model %q: %w", userID, modelID, err)
	}
	items, err := unpackList(packed)
	if err != nil {
		return store.List{}, fmt.Errorf("list of user %q under model %q: %w", userID, modelID, err)
	}
	return store.List{UserID: userID, Items: items}, nil
}

// DropLists removes every list of a model, some at a time; when it fails half
// way, calling again removes the rest.
func (s *Store) DropLists(ctx context.Context, modelID string) error {
	for dropped := int64(1); dropped > 0; {
		err := s.write(ctx, func(t *tx) (err error) {
			dropped, err = t.exec(`DELETE FROM lists WHERE key IN (
				SELECT key FROM lists WHERE model = (SELECT key FROM models WHERE id = ?) LIMIT ?)`, modelID, putChunk)
			return err
		})
		if err != nil {
			return fmt.Errorf("drop lists of model %q: %w", modelID, err)
		}
	}
	return nil
}
