package engine

import (
	"math"
	"math/rand/v2"
	"slices"

	"valse/engine/als"
)

// Calibration turns √(yᵀA⁻¹y), which is in units nobody knows, into a width of
// scores.
//
// The normal equations say of two scores of one product for one user, s from a
// part of the history and S from all of it, that S − s has the variance
// σ²(yᵀA⁻¹y − yᵀB⁻¹y), with A of the part and B of all. What σ is they do not
// say. So it is measured: Scale is what |S − s| over the root of that difference
// stays below for 68.27 in 100 held-out pairs, which is σ if errors are normal.
type Calibration struct {
	Scale float64 `json:"scale"`
	// WithinOne and WithinTwo are the parts of the scores of other users that
	// moved by less than one and two widths: .683 and .954 if all is well.
	WithinOne float64 `json:"withinOne"`
	WithinTwo float64 `json:"withinTwo"`
	Pairs     int     `json:"pairs"` // scores that were looked at, half to fit and half to check
}

const (
	// calibrated is how many users are looked at, at most.
	calibrated = 600
	// probes is how many products of a user are, half of them such as the user
	// went on to like and half drawn at random.
	probes = 10
	// leastPairs is how many scores make a calibration.
	leastPairs = 50
	oneSigma   = 0.6827
)

// movement is a user whose scores of some products a model is asked for, from the
// earlier half of the history and from all of it.
type movement struct {
	early, all sparse
	products   []int32
}

// sparse is a row of a matrix.
type sparse struct {
	index  []int32
	weight []float32
}

func rowOf(m *als.Matrix, u int) sparse {
	index, weight := m.Row(u)
	return sparse{slices.Clone(index), slices.Clone(weight)}
}

// movements draws users to measure a model on, and products for each.
func (v *evidence) movements(s Settings) []movement {
	early, all := v.halves()
	random := rand.New(rand.NewPCG(s.Seed, 17))
	var drawn []movement
	for _, u := range random.Perm(all.Rows) {
		if later := added(early, all, u); len(later) > 0 {
			drawn = append(drawn, movement{rowOf(early, u), rowOf(all, u), probe(random, later, all.Cols)})
		}
		if len(drawn) == calibrated {
			break
		}
	}
	return drawn
}

// calibrate measures a model on what movements drew. It returns nil where there is
// too little.
func (m *Model) calibrate(drawn []movement, s Settings) *Calibration {
	folder := newFolder(m, s)
	var fit, check []float64
	for i, d := range drawn {
		moves := &fit
		if i%2 == 1 {
			moves = &check
		}
		*moves = append(*moves, folder.moves(d)...)
	}
	if len(fit) < leastPairs || len(check) < leastPairs {
		return nil
	}
	slices.Sort(fit)
	c := &Calibration{Scale: fit[int(oneSigma*float64(len(fit)))], Pairs: len(fit) + len(check)}
	for _, move := range check {
		if move <= c.Scale {
			c.WithinOne += 1 / float64(len(check))
		}
		if move <= 2*c.Scale {
			c.WithinTwo += 1 / float64(len(check))
		}
	}
	return c
}

// halves returns the matrix of the earlier half of each user's evidence, and
// that of all.
func (v *evidence) halves() (early, all *als.Matrix) {
	positions := v.all()
	first, _ := v.splitHistories(positions, 0.5)
	slices.Sort(first)
	newest := v.newest(positions)
	return v.matrixAt(first, newest), v.matrixAt(positions, newest)
}

// added returns the products that a user's row has in all but not in early;
// none when early has nothing.
func added(early, all *als.Matrix, u int) []int32 {
	before, _ := early.Row(u)
	after, _ := all.Row(u)
	if len(before) == 0 {
		return nil
	}
	var products []int32
	for _, p := range after {
		if _, known := slices.BinarySearch(before, p); !known {
			products = append(products, p)
		}
	}
	return products
}

// probe draws products to look at.
func probe(random *rand.Rand, later []int32, products int) []int32 {
	var drawn []int32
	for range probes / 2 {
		drawn = append(drawn, later[random.IntN(len(later))], int32(random.IntN(products)))
	}
	slices.Sort(drawn)
	return slices.Compact(drawn)
}

// moves returns by how much the scores of products moved from the early part of
// a user's history to all of it, each over the root of how much its variance
// fell.
func (f folder) moves(d movement) []float64 {
	before, after := f.state(d.early.index, d.early.weight), f.state(d.all.index, d.all.weight)
	v, w := make([]float64, len(d.products)), make([]float64, len(d.products))
	before.Variance(v, d.products)
	after.Variance(w, d.products)
	var moves []float64
	for i, p := range d.products {
		_, _, s := before.Explain(p)
		_, _, all := after.Explain(p)
		if fell := v[i] - w[i]; fell > 1e-6*v[i] {
			moves = append(moves, math.Abs(float64(all-s))/math.Sqrt(fell))
		}
	}
	return moves
}

// scale is what the root of a variance is multiplied by; 1 for a model that was
// not calibrated.
func (k *Ranker) scale() float64 {
	if c := k.model.Info.Calibration; c != nil {
		return c.Scale
	}
	return 1
}
