package redis

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"valse/store"
)

// A packed event is what the store set itself, sequence number and time of
// acceptance in microseconds, 16 digits each, and the body: type (a byte), time
// in microseconds (varint), value (float64, little-endian), then product,
// basket and recommendation id, each with its length before it (uvarint). User
// and event id are in the key and field it is stored under. Scripts compare
// bodies and know the header, nothing else.

// headerSize is the length of a packed event before its body.
const headerSize = 32

var errPacked = errors.New("redis: a packed value is damaged")

// stamp writes a number as the 16 digits that scripts and indexes use.
func stamp(n int64) string { return fmt.Sprintf("%016d", n) }

// packBody packs what a caller says of an event: equal for the same event.
func packBody(i *store.Interaction) string {
	b := make([]byte, 0, 24+len(i.ProductID)+len(i.Basket)+len(i.RecommendationID))
	b = append(b, byte(i.Type))
	b = binary.AppendVarint(b, i.Time.UnixMicro())
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(i.Value))
	for _, text := range []string{i.ProductID, i.Basket, i.RecommendationID} {
		b = appendText(b, text)
	}
	return string(b)
}

// unpackEvent reads a packed event stored for a user under an event id.
func unpackEvent(userID, eventID, packed string) (store.Interaction, error) {
	i := store.Interaction{UserID: userID, EventID: eventID, Shard: shardOf(userID)}
	if len(packed) <= headerSize {
		return i, errPacked
	}
	seq, errSeq := strconv.ParseInt(packed[:16], 10, 64)
	accepted, errAccepted := strconv.ParseInt(packed[16:headerSize], 10, 64)
	if errSeq != nil || errAccepted != nil {
		return i, errPacked
	}
	i.Seq, i.RecordedAt = seq, time.UnixMicro(accepted).UTC()

	i.Type = store.EventType(packed[headerSize])
	b := []byte(packed[headerSize+1:])
	micros, n := binary.Varint(b)
	if n <= 0 || len(b) < n+8 {
		return i, errPacked
	}
	i.Time = time.UnixMicro(micros).UTC()
	i.Value = math.Float64frombits(binary.LittleEndian.Uint64(b[n:]))
	b = b[n+8:]
	for _, text := range []*string{&i.ProductID, &i.Basket, &i.RecommendationID} {
		var ok bool
		if *text, b, ok = cutText(b); !ok {
			return i, errPacked
		}
	}
	if len(b) > 0 {
		return i, errPacked
	}
	return i, nil
}

// packList packs a stored list: for each item its id with the length before it
// and its score (float32, little-endian).
func packList(items []store.Scored) string {
	var b []byte
	for _, item := range items {
		b = appendText(b, item.ProductID)
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(item.Score))
	}
	return string(b)
}

// unpackList reads a packed list.
func unpackList(packed string) ([]store.Scored, error) {
	var items []store.Scored
	for b := []byte(packed); len(b) > 0; {
		id, rest, ok := cutText(b)
		if !ok || len(rest) < 4 {
			return nil, errPacked
		}
		score := math.Float32frombits(binary.LittleEndian.Uint32(rest))
		items, b = append(items, store.Scored{ProductID: id, Score: score}), rest[4:]
	}
	return items, nil
}

// appendText appends a string with its length before it.
func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// cutText reads a string with its length before it and returns what follows.
func cutText(b []byte) (text string, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return "", nil, false
	}
	end := n + int(size)
	return string(b[n:end]), b[end:], true
}
