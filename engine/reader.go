package engine

import (
	"math"
	"slices"

	"valse/store"
)

// occurrence is one event of a user with a product, stripped to what it says.
type occurrence struct {
	Type  store.EventType
	Value float32
	Time  int64
}

// leastStars is the fewest stars that count as interest in implicit feedback.
const leastStars = 3

// reader turns what a user did with a product into numbers: training and
// folding in read histories through the same one.
type reader struct {
	explicit bool
	binary   bool
	scale    [store.NumEventTypes]float32
	// halfLife and newest are microseconds; halfLife 0 means no decay.
	halfLife float64
	newest   int64
}

func newReader(s Settings, newest int64) reader {
	r := reader{explicit: s.Feedback == Explicit, binary: s.Binary, newest: newest}
	for t, w := range s.Weights {
		r.scale[t] = float32(w)
	}
	if !r.explicit && !r.binary {
		r.halfLife = s.HalfLife * 24 * 3600 * 1e6
	}
	return r
}

// read writes to dst what each event of one pair, in order of time, counts:
// stars for explicit feedback, confidence before decay for implicit. Zero means
// that the event counts nothing.
//
// The last rating of a pair replaces those before it and 0 stars take it back.
// A dislike, a hide or a poor rating also takes back all confidence from
// before. A hide of value 0 takes the hides before it back, as if they had never
// been.
func (r *reader) read(dst []float32, pair []occurrence) {
	rating, unhidden := -1, lastUnhide(pair)
	for i, o := range pair {
		dst[i] = 0
		if o.Type == store.Rating {
			if rating >= 0 {
				dst[rating] = 0
			}
			rating = i
		}
		if r.explicit {
			if o.Type == store.Rating {
				dst[i] = o.Value
			}
			continue
		}
		if o.Type == store.Hide && i <= unhidden {
			continue
		}
		if r.takesBack(o) {
			clear(dst[:i])
		}
		dst[i] = r.confidence(o)
	}
}

// lastUnhide is the position of the last event that takes hides back; -1 for
// none.
func lastUnhide(pair []occurrence) int {
	for i, o := range slices.Backward(pair) {
		if o.Type == store.Hide && o.Value == 0 {
			return i
		}
	}
	return -1
}

// confidence of one event. A purchase counts once whatever its quantity.
func (r *reader) confidence(o occurrence) float32 {
	switch {
	case o.Type != store.Rating:
		return r.scale[o.Type]
	case o.Value == 0 || !r.binary && o.Value < leastStars:
		return 0
	case r.binary:
		return r.scale[o.Type]
	default:
		return r.scale[o.Type] * o.Value / 5
	}
}

func (r *reader) takesBack(o occurrence) bool {
	switch o.Type {
	case store.Dislike, store.Hide:
		return true
	case store.Rating:
		return !r.binary && o.Value > 0 && o.Value < leastStars
	default:
		return false
	}
}

// decay is the factor by which an event of time t counts less than a new one.
// What is newer than the newest event of training counts in full.
func (r *reader) decay(t int64) float32 {
	if r.halfLife == 0 || t >= r.newest {
		return 1
	}
	return float32(math.Exp2(-float64(r.newest-t) / r.halfLife))
}
