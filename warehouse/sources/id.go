package sources

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"

	"valse/store"
)

// eventIDs derives the ids of events that have none from what they are, so
// that importing a row again gives the same id, whatever the format: 16 bytes
// of the SHA-256 of user, product, type, value, time and basket.
//
// Rows that are the same in all of that are one event, as nobody views or
// rates a thing twice in the same instant, except purchases: an order may
// hold the same line twice. The second gets an id of its own from its number,
// so the order of other rows does not matter.
type eventIDs struct {
	seen   map[eventHash]int // purchases
	buffer []byte
}

type eventHash [16]byte

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
	return base64.RawURLEncoding.EncodeToString(hash[:])
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
	return eventHash(sum[:16])
}
