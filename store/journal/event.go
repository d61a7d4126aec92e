package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"valse/store"
)

// A payload is a number of interactions (uvarint), each of them packed: user,
// event, product, basket and recommendation id and credit, each with its length
// before it (uvarint), type (a byte), time in microseconds (varint) and value
// (float64, little-endian).

var errPayload = errors.New("a payload does not hold what it says")

// encode returns the payload for some interactions.
func encode(events []store.Interaction) []byte {
	b := binary.AppendUvarint(nil, uint64(len(events)))
	for n := range events {
		b = pack(b, &events[n])
	}
	return b
}

// pack appends a packed interaction.
func pack(b []byte, e *store.Interaction) []byte {
	for _, text := range []string{e.UserID, e.EventID, e.ProductID, e.Basket, e.RecommendationID, e.Credit} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	b = binary.AppendVarint(append(b, byte(e.Type)), e.Time.UnixMicro())
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(e.Value))
}

const (
	leastEvent = 6 + 1 + 1 + 8 // length of the shortest packed interaction
	usualEvent = 128           // of one with ids of a usual length
)

// decode reads a payload.
func decode(b []byte) ([]store.Interaction, error) {
	count, n := binary.Uvarint(b)
	if n <= 0 || count > uint64(len(b)/leastEvent) {
		return nil, errPayload
	}
	d := decoder{rest: b[n:]}
	events := make([]store.Interaction, count)
	for i := range events {
		if events[i] = d.event(); d.failed {
			return nil, fmt.Errorf("interaction %d of %d: %w", i, count, errPayload)
		}
	}
	if len(d.rest) > 0 {
		return nil, errPayload
	}
	return events, nil
}

// decoder takes values off the front of rest until one is not whole.
type decoder struct {
	rest   []byte
	failed bool
}

// event reads a packed interaction.
func (d *decoder) event() (e store.Interaction) {
	for _, text := range []*string{&e.UserID, &e.EventID, &e.ProductID, &e.Basket, &e.RecommendationID, &e.Credit} {
		*text = string(d.text())
	}
	e.Type, e.Time, e.Value = store.EventType(d.byte()), time.UnixMicro(d.varint()).UTC(), d.float()
	return e
}

func (d *decoder) take(n int) []byte {
	if d.failed || n < 0 || n > len(d.rest) {
		d.failed = true
		return nil
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}

func (d *decoder) text() []byte {
	size, n := binary.Uvarint(d.rest)
	if n <= 0 || size > uint64(len(d.rest)) {
		d.failed = true
		return nil
	}
	d.take(n)
	return d.take(int(size))
}

func (d *decoder) byte() byte {
	if b := d.take(1); !d.failed {
		return b[0]
	}
	return 0
}

func (d *decoder) varint() int64 {
	v, n := binary.Varint(d.rest)
	d.failed = d.failed || n <= 0
	d.take(n)
	return v
}

func (d *decoder) float() float64 {
	if b := d.take(8); !d.failed {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return 0
}
