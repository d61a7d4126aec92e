package als

import "valse/engine/internal/kernel"

// Draw writes into dst a factor drawn from what the history leaves open: from
// the normal distribution around the user's factor whose covariance is
// scale²·A⁻¹, so that the score of an item varies by scale·√(yᵀA⁻¹y). Normal
// yields standard normal numbers. It returns the bias that belongs to the
// factor in a model of stars, else 0.
//
// With A = D^½UᵀUD^½ and z standard normal, x + scale·D^-½U⁻¹z is such a draw.
func (s *State) Draw(dst []float32, scale float64, normal func() float64) (bias float32) {
	w := s.solvers.Get().(*rowSolver)
	defer s.solvers.Put(w)
	f, z := s.prepare(w), w.x
	for k := range z {
		z[k] = float32(scale * normal())
	}
	kernel.Backward(f.u, f.ld, f.rank, z)
	kernel.Scale(z, 1, f.root, z)
	kernel.Axpy(1, s.x, z)
	return s.leave(dst, z)
}
