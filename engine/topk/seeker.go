package topk

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"valse/engine/internal/kernel"
)

// seeker is one query of a crowd and what it has found so far: candidates, each
// with an interval that its score lies in. A vector whose upper end lies below
// the floor is no candidate.
//
// The floor is first the guess that a sample of the vectors gives, so that few
// of the others need to be looked at more than once; later, when there are many
// candidates, the score that n of them reach. Should fewer than n reach the
// guess in the end, the guess was wrong and the query is searched for alone.
type seeker struct {
	field *field
	n     int // length of the list
	want  int // number of candidates that are to reach the floor: n, or fewer in a sample

	query    []float32 // with a bias, one more coordinate of one
	words    []uint32  // the query as kernel.MulBytes wants it
	excluded []int32   // ascending places of vectors to leave out
	exclude  []int32   // those to come

	reach  float32 // see reach
	unit   float32 // times a scorer's score, an approximate score
	length float32 // of the query as the scorer sees it; 0 when it sees the query itself
	lost   float32 // for a vector of length one, what else the scorer may be wrong by

	floor      float32
	candidates []candidate
	full       int // the number of candidates at which the floor is raised

	// Room for the query's bytes, and for the candidates' places, scores and
	// keys in the end.
	bytes  []int8
	places []int32
	scores []float32
	keys   []uint64
}

// candidate is a vector that may be among the best.
type candidate struct {
	low, high float32
	at        int32
}

// start prepares a seeker for a query of the field.
func (q *seeker) start(f *field, query, n int, places Mask) {
	q.field, q.n, q.want = f, n, n
	if len(f.sample) > 0 {
		q.want = inSample(n)
	}
	q.floor, q.full, q.candidates = float32(math.Inf(-1)), 2*q.want+tile, q.candidates[:0]
	q.query = append(q.query[:0], f.Queries[query*f.rank:][:f.rank]...)
	if f.bias {
		q.query = append(q.query, 1)
	}
	q.reach = reach(q.query)
	q.unit, q.length, q.lost = 1, 0, slack(q.reach, f.width)
	if f.bytes {
		q.sketch()
	}
	q.excluded = q.excluded[:0]
	if f.Exclude != nil {
		q.leaveOut(f.Exclude(query), places)
	}
}

// inSample returns how many of a sample are to reach a guess that n of all
// should reach: as many as of the n best fall into the sample, and so many
// standard deviations more that the guess is rarely too high.
func inSample(n int) int {
	mean := float64(n) / sampled
	return int(mean + 2.5*math.Sqrt(mean) + 2)
}

// guess ends the search of the sample.
func (q *seeker) guess() {
	q.raise()
	q.want = q.n
	q.full = max(q.full, 3*q.n)
}

// finite reports whether the query is one that can be searched for.
func (q *seeker) finite() bool { return q.reach <= math.MaxFloat32 }

// leaveOut sorts the places of the items by way of an empty mask, which it
// leaves empty.
func (q *seeker) leaveOut(items []int32, places Mask) {
	for _, item := range items {
		if int(item) < len(q.field.at) && q.field.at[item] >= 0 {
			places.Set(q.field.at[item])
		}
	}
	for w, word := range places {
		for ; word != 0; word &= word - 1 {
			q.excluded = append(q.excluded, int32(w*64+bits.TrailingZeros64(word)))
		}
		places[w] = 0
	}
}

// next returns the next place to leave out, or one beyond all.
func (q *seeker) next() int32 {
	if len(q.exclude) == 0 {
		return math.MaxInt32
	}
	return q.exclude[0]
}

// bound returns by how much the scores of vectors may be wrong, given the
// greatest of their sketches' errors and of their lengths.
func (q *seeker) bound(error, length float32) float32 { return q.length*error + q.lost*length }

// offer takes a vector whose approximate score may reach the floor.
func (q *seeker) offer(at int32, score float32) {
	bound := q.bound(q.field.sketch.error[at], q.field.length[at])
	if score+bound < q.floor {
		return
	}
	q.candidates = append(q.candidates, candidate{score - bound, score + bound, at})
	if len(q.candidates) >= q.full {
		q.raise()
	}
}

// levels is the number of steps that the floor may take between the lowest and
// the highest of the candidates.
const levels = 512

// raise sets the floor to the highest level that enough candidates reach, and drops
// the candidates that cannot.
func (q *seeker) raise() {
	if len(q.candidates) < q.want {
		return
	}
	low, high := q.candidates[0].low, q.candidates[0].low
	for _, c := range q.candidates {
		low, high = min(low, c.low), max(high, c.low)
	}
	step := (high - low) / (levels - 1)
	if step > 0 && step <= math.MaxFloat32 {
		var count [levels]int32
		for _, c := range q.candidates {
			count[int((c.low-low)/step)&(levels-1)]++
		}
		level, reached := levels, 0
		for reached < q.want {
			level--
			reached += int(count[level])
		}
		// What is rounded into a level may lie just below it.
		low += (float32(level) - 0.01) * step
	}
	q.floor = max(q.floor, low)
	kept := q.candidates[:0]
	for _, c := range q.candidates {
		if c.high >= q.floor {
			kept = append(kept, c)
		}
	}
	q.candidates = kept
	q.full = 2*len(kept) + tile
}

// finish scores the candidates that are left as Search does and returns the
// best of them, best first.
func (q *seeker) finish() []Hit {
	if q.n <= 0 || !q.finite() {
		return nil
	}
	guess := q.floor
	q.raise()
	// Those that surely reach the floor first: their nth score is a better one.
	q.keys = q.keys[:0]
	q.score(func(c candidate) bool { return c.low >= q.floor }, math.MaxUint64)
	floor, last := q.floor, uint64(math.MaxUint64)
	if len(q.keys) >= q.n {
		last = q.keys[q.n-1]
		floor = max(floor, unkey(last).Score)
	}
	q.score(func(c candidate) bool { return c.low < q.floor && c.high >= floor }, last)
	guessed := !math.IsInf(float64(guess), -1)
	if guessed && (len(q.keys) < q.n || unkey(q.keys[q.n-1]).Score < guess) {
		return q.alone()
	}
	hits := make([]Hit, min(q.n, len(q.keys)))
	for i := range hits {
		hits[i] = unkey(q.keys[i])
	}
	return hits
}

// alone searches for the query by itself.
func (q *seeker) alone() []Hit {
	items := make([]int32, len(q.excluded))
	for i, at := range q.excluded {
		items[i] = q.field.item[at]
	}
	slices.Sort(items)
	return q.field.SearchExcluding(nil, q.query[:q.field.rank], q.n, q.field.Mask, items)
}

// score adds the keys of the candidates that are wanted, but for those after the
// last, and sorts them all.
func (q *seeker) score(wanted func(candidate) bool, last uint64) {
	q.places = q.places[:0]
	for _, c := range q.candidates {
		if wanted(c) {
			q.places = append(q.places, c.at)
		}
	}
	q.scores = slices.Grow(q.scores[:0], len(q.places))[:len(q.places)]
	kernel.GatherDot(q.scores, q.field.vectors, q.places, q.query)
	for i, at := range q.places {
		if score := q.scores[i]; score == score {
			if k := key(Hit{Item: q.field.item[at], Score: score}); k <= last {
				q.keys = append(q.keys, k)
			}
		}
	}
	slices.Sort(q.keys)
}

// key returns a number for a hit: the smaller, the earlier by [Compare].
func key(h Hit) uint64 {
	bits := math.Float32bits(h.Score + 0) // of the two zeros, the positive one
	if bits>>31 != 0 {
		return uint64(bits)<<32 | uint64(h.Item)
	}
	return uint64(bits^math.MaxInt32)<<32 | uint64(h.Item)
}

// unkey is the inverse of key.
func unkey(k uint64) Hit {
	bits := uint32(k >> 32)
	if bits>>31 == 0 {
		bits ^= math.MaxInt32
	}
	return Hit{Item: int32(uint32(k)), Score: math.Float32frombits(bits)}
}

// sketch rounds the query to bytes, and makes the seeker's bound one for scores
// of bytes by bytes: with q = s·b + f and y = t·c + e,
//
//	|qᵀy − st·bᵀc| ≤ s‖b‖‖e‖ + ‖f‖‖y‖.
func (q *seeker) sketch() {
	width := q.field.sketch.width
	q.bytes = slices.Grow(q.bytes[:0], width)[:width]
	clear(q.bytes)
	scale := largest(q.query) / kernel.QueryMax
	lost := round(q.bytes[:len(q.query)], q.query, scale)
	length := 0
	q.words = slices.Grow(q.words[:0], width/4)[:width/4]
	for w := range q.words {
		q.words[w] = 0
		for k := range 4 {
			b := int(q.bytes[4*w+k])
			length += b * b
			q.words[w] |= uint32(b+kernel.ByteBias) << (8 * k)
		}
	}
	q.unit = cmp.Or(scale, 1)
	q.length = scale * float32(math.Sqrt(float64(length))*(1+0x1p-20))
	q.lost += lost
}
