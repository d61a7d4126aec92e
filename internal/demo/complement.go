package demo

import (
	_ "embed" // for what goes with what
	"slices"
	"strings"
)

//go:embed data/complements.txt
var complementsText string

// link builds the complement graph: from each product to the best matches
// among the products of each kind that goes with its own.
func (s *Shop) link() {
	byKind := make([][]int32, len(s.lexicon.kinds))
	for i, it := range s.items {
		byKind[it.kind] = append(byKind[it.kind], int32(i))
	}
	partners := parsePartners(s.lexicon)
	s.complements = make([][]int32, len(s.items))
	for i, it := range s.items {
		for _, k := range partners[it.kind] {
			best := s.bestMatches(i, byKind[k], 2)
			s.complements[i] = append(s.complements[i], best...)
		}
	}
}

// bestMatches returns the n candidates that suit an item best in vendor,
// style and price, best first.
func (s *Shop) bestMatches(i int, candidates []int32, n int) []int32 {
	var best []int32
	var scores []int
	for _, c := range candidates {
		score := s.suits(i, int(c))
		at := len(best)
		for at > 0 && scores[at-1] < score {
			at--
		}
		if at < n {
			best, scores = slices.Insert(best, at, c), slices.Insert(scores, at, score)
			best, scores = best[:min(len(best), n)], scores[:min(len(best), n)]
		}
	}
	return best
}

// suits scores how well two items go together, with a little chance to it.
func (s *Shop) suits(i, j int) int {
	a, b := &s.items[i], &s.items[j]
	score := 2*(2-abs(int(a.level)-int(b.level))) + int(mix(s.seed^uint64(i)<<32^uint64(j))%4)
	if a.vendor == b.vendor {
		score += 4
	}
	if a.style == b.style {
		score += 3
	}
	return score
}

// parsePartners reads data/complements.txt: the kinds that go with each kind.
func parsePartners(l *lexicon) [][]int {
	partners := make([][]int, len(l.kinds))
	for line := range dataLines(complementsText) {
		from, list, _ := strings.Cut(line, " > ")
		k := l.kindNamed(from)
		for name := range strings.SplitSeq(list, ", ") {
			partners[k] = append(partners[k], l.kindNamed(name))
		}
	}
	return partners
}

func abs(n int) int { return max(n, -n) }
