package sources

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"valse/store"
)

// eventIDs derives the ids of events that have none from what they are, so
// that importing a row again gives the same id, whatever the format: the time,
// and 9 bytes of the SHA-256 of user, product, type, value, time and basket.
// In order of their bytes a user's ids are in order of time, so that a store's
// index of them grows at its end.
//
// Rows that are the same in all of that are one event, as nobody views or
// rates a thing twice in the same instant, except purchases: an order may
// hold the same line twice. The second gets an id of its own from its number,
// so the order of other rows does not matter.
type eventIDs struct {
	seen   map[eventHash]int // purchases
	buffer []byte
}

// eventHash is 7 bytes of the time, big endian, and 9 of the hash.
type eventHash [16]byte

// sortable is base64 whose text sorts as the bytes do.
var sortable = base64.NewEncoding("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz").WithPadding(base64.NoPadding)

func (e *eventIDs) next(i *store.Interaction) string {
	hash := e.hash(i, 0)
	if i.Type == store.Purchase {
		if e.seen == nil {
			e.seen = map[eventHash]int{}
		}
		before := e.seen[hash]
		e.seen[hash]++
		if before > 0 {
			hash = e.hash(i, before)
		}
	}
	return sortable.EncodeToString(hash[:])
}

// hash hashes an event of which so many came before.
func (e *eventIDs) hash(i *store.Interaction, before int) eventHash {
	b := e.buffer[:0]
	for _, text := range []string{i.UserID, i.ProductID, i.Basket} {
		b = strconv.AppendInt(b, int64(len(text)), 10)
		b = append(append(b, ':'), text...)
	}
	b = append(b, byte(i.Type))
	b = strconv.AppendFloat(b, i.Value, 'g', -1, 64)
	b = strconv.AppendInt(append(b, '@'), i.Time.UnixMicro(), 10)
	b = strconv.AppendInt(append(b, '#'), int64(before), 10)
	e.buffer = b
	sum := sha256.Sum256(b)
	var hash eventHash
	binary.BigEndian.PutUint64(hash[:], uint64(i.Time.UnixMicro())<<8)
	copy(hash[7:], sum[:])
	return hash
}
