package topk

import (
	"cmp"
	"math"
	"slices"
)

// Hit is one item of an answer.
type Hit struct {
	Item  int32
	Score float32
}

// Compare orders hits by score, the highest first, and then by item.
func Compare(a, b Hit) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Item, b.Item))
}

// before reports whether a comes before b in the order of Compare.
func before(a, b Hit) bool {
	return a.Score > b.Score || a.Score == b.Score && a.Item < b.Item
}

// selection keeps the n best hits it is offered, as a heap whose root is the
// worst of them.
type selection struct {
	hits []Hit
	n    int
	// floor is the score that a hit needs at least, to be of interest: that of
	// the root once there are n hits.
	floor float32
}

// start empties s, which keeps its hits in the room behind dst.
func (s *selection) start(dst []Hit, n int) {
	s.hits, s.n, s.floor = slices.Grow(dst[:0], n), n, float32(math.Inf(-1))
}

// offer takes a hit whose score has reached the floor.
func (s *selection) offer(h Hit) {
	if len(s.hits) < s.n {
		s.hits = append(s.hits, h)
		s.up(len(s.hits) - 1)
	} else if before(h, s.hits[0]) {
		s.hits[0] = h
		s.down(0)
	}
	if len(s.hits) == s.n {
		s.floor = s.hits[0].Score
	}
}

// up moves hit i towards the root until its parent is worse.
func (s *selection) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if before(s.hits[parent], s.hits[i]) {
			s.hits[parent], s.hits[i] = s.hits[i], s.hits[parent]
			i = parent
			continue
		}
		return
	}
}

// down moves hit i away from the root until its children are better.
func (s *selection) down(i int) {
	for {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(s.hits); child++ {
			if before(s.hits[worst], s.hits[child]) {
				worst = child
			}
		}
		if worst == i {
			return
		}
		s.hits[i], s.hits[worst] = s.hits[worst], s.hits[i]
		i = worst
	}
}

// finish returns the hits, best first.
func (s *selection) finish() []Hit {
	slices.SortFunc(s.hits, Compare)
	return s.hits
}
