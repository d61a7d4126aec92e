package als

import (
	"valse/engine/internal/kernel"
)

// Variance writes yᵀA⁻¹y of each item's factor y into dst: how little the
// history says about the score, in units of the variance of one observation of
// weight one. It falls with every item that is added and never rises above what
// it is for no history at all.
func (s *State) Variance(dst []float64, items []int32) {
	w := s.solvers.Get().(*rowSolver)
	defer s.solvers.Put(w)
	f := s.prepare(w)
	for i, item := range items {
		dst[i] = f.spread(w.x, s.half.fixed.Row(int(item)))
	}
}

// Explain splits the score of an item like the folder's Explain: contributions
// are parallel to the ascending items of the history, and score = base + their
// sum.
func (s *State) Explain(item int32) (contribution []float32, base, score float32) {
	w := s.solvers.Get().(*rowSolver)
	defer s.solvers.Put(w)
	if s.base != nil {
		base = s.base[item]
	}
	p := s.row()
	if s.factor == nil && len(s.index) < len(s.x) {
		contribution, score = w.explainRow(p, s.total(), item)
		return contribution, base, base + score
	}
	z := w.x
	f := s.prepare(w)
	copy(z, s.half.fixed.Row(int(item)))
	f.apply(z)
	contribution = make([]float32, len(p.index))
	kernel.GatherDot(contribution, p.factors.Data, p.index, z)
	sum := 0.0
	for e := range contribution {
		contribution[e] *= p.weightAt(e) * p.targetAt(e) // yᵢᵀA⁻¹yⱼcⱼrⱼ
		sum += float64(contribution[e])
	}
	return contribution, base, base + float32(sum)
}
