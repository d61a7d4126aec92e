package sqlite

import (
	"cmp"
	"encoding/binary"
	"errors"

	"valse/store"
)

// itemCount is how often something happened to an item on some day. Packed and
// added up they stand in order of item and kind, each pair once.
type itemCount struct {
	item int64
	kind store.EventType
	n    int64
}

func (c itemCount) compare(d itemCount) int {
	return cmp.Or(cmp.Compare(c.item, d.item), cmp.Compare(c.kind, d.kind))
}

// countsFormat is the first byte of packed counts.
//
//	1: per count the item, as difference to the one before (varint), the kind
//	   (byte) and n (signed varint)
const countsFormat = 1

// errCounts says that packed counts are not what packCounts wrote.
var errCounts = errors.New("packed counts are damaged")

func packCounts(counts []itemCount) []byte {
	b := []byte{countsFormat}
	item := int64(0)
	for _, c := range counts {
		b = binary.AppendUvarint(b, uint64(c.item-item))
		b = append(b, byte(c.kind))
		b = binary.AppendVarint(b, c.n)
		item = c.item
	}
	return b
}

func unpackCounts(b []byte) ([]itemCount, error) {
	if len(b) == 0 || b[0] != countsFormat {
		return nil, errCounts
	}
	var counts []itemCount
	item := int64(0)
	for b = b[1:]; len(b) > 0; {
		difference, n := binary.Uvarint(b)
		if n <= 0 || n == len(b) {
			return nil, errCounts
		}
		kind := store.EventType(b[n])
		b = b[n+1:]
		times, n := binary.Varint(b)
		if n <= 0 {
			return nil, errCounts
		}
		b = b[n:]
		item += int64(difference)
		counts = append(counts, itemCount{item, kind, times})
	}
	return counts, nil
}

// addUp merges two pieces. What adds up to nothing is left out.
func addUp(a, b []itemCount) []itemCount {
	sum := make([]itemCount, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch a[0].compare(b[0]) {
		case -1:
			sum, a = append(sum, a[0]), a[1:]
		case 1:
			sum, b = append(sum, b[0]), b[1:]
		default:
			if n := a[0].n + b[0].n; n != 0 {
				sum = append(sum, itemCount{a[0].item, a[0].kind, n})
			}
			a, b = a[1:], b[1:]
		}
	}
	return append(append(sum, a...), b...)
}
