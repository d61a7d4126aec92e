package als

import (
	"context"
	"fmt"
	"math"
	"sync"

	"valse/engine/internal/kernel"
)

// Folder computes user factors from histories against fixed item factors, as
// Train does in its half sweep over users: a user the training never saw gets
// the factor that one more half sweep would give. It is immutable and safe for
// concurrent use; Solve allocates nothing once warm.
type Folder struct {
	folder
	basis *basis
}

// NewFolder prepares folding in against items with the settings they were
// trained with; it copies items. It panics when they are not finite.
func NewFolder(items Factors, s Settings) *Folder {
	items.check("item", items.Rows, items.Rank)
	fixed := items.clone()
	s = s.WithDefaults()
	b, err := new(decomposition).turn(context.Background(), fixed, s.Threads)
	if err != nil {
		panic(err.Error())
	}
	return &Folder{newFolder(newHalf(fixed, b.values, s), fixed.Rank), b}
}

// Solve writes the factor of a user with the given history into dst, which has
// the items' rank. Nil weight means ones; weights are finite and not negative.
// An empty history gives zeros.
func (f *Folder) Solve(dst []float32, index []int32, weight []float32) {
	f.check(index, weight, 0)
	s := f.solvers.Get().(*rowSolver)
	defer f.solvers.Put(s)
	s.solveRow(s.x, row{factors: f.half.fixed, index: index, weight: weight}, total(index, weight))
	f.leave(dst, s.x)
}

// leave writes a solution into dst, in the coordinates of the items it was
// given. There is no bias.
func (f *Folder) leave(dst, x []float32) (bias float32) {
	kernel.DotRows(dst[:f.basis.rank], f.basis.q, kernel.Pad(f.basis.rank), x)
	return 0
}

// Explain splits the score of item for a user with the given history into what
// each interaction of the history adds to it: the contributions, parallel to
// index, sum to the score.
func (f *Folder) Explain(index []int32, weight []float32, item int32) (contribution []float32, score float32) {
	f.check(index, weight, 0)
	s := f.solvers.Get().(*rowSolver)
	defer f.solvers.Put(s)
	p := row{factors: f.half.fixed, index: index, weight: weight}
	return s.explainRow(p, total(index, weight), item)
}

// Over returns a folder whose histories name rows of another table, in the
// coordinates of the items that f was made of. Those items stay what an
// unobserved pair is measured against.
func (f *Folder) Over(rows Factors) *Folder {
	rows.check("other", rows.Rows, f.basis.rank)
	h := *f.half
	h.fixed = rows.clone()
	if err := f.basis.rotate(context.Background(), h.fixed, 1); err != nil {
		panic(err.Error()) // nothing ends the context
	}
	return &Folder{newFolder(&h, rows.Rank), f.basis}
}

// ExplicitFolder is a Folder for stars.
type ExplicitFolder struct {
	folder
	base []float32 // mean and item bias of each item
}

// NewExplicitFolder prepares folding in against the item side of a model with
// the settings it was trained with; of the model only Mean, ItemBias and Items
// are read, and copied.
func NewExplicitFolder(model *ExplicitResult, s ExplicitSettings) *ExplicitFolder {
	fixed := model.Items.withOnes()
	f := &ExplicitFolder{newFolder(explicitHalf(fixed, s.WithDefaults()), fixed.Rank), make([]float32, fixed.Rows)}
	for i, b := range model.ItemBias {
		f.base[i] = model.Mean + b
	}
	return f
}

// Solve writes the factor of a user with the given ratings into dst and
// returns the user's bias. No ratings give zeros.
func (f *ExplicitFolder) Solve(dst []float32, index []int32, rating []float32) (bias float32) {
	s := f.solvers.Get().(*rowSolver)
	defer f.solvers.Put(s)
	s.solveRow(s.x, f.row(s, index, rating), float64(len(index)))
	return leaveBias(dst, s.x)
}

// leaveBias splits a solution into the factor, written to dst, and the bias.
func leaveBias(dst, x []float32) (bias float32) {
	rank := len(x) - 1
	copy(dst[:rank], x)
	return x[rank]
}

// Explain splits a predicted rating: score = base + the sum of contributions,
// where base is the mean and the item's bias and contribution is parallel to
// index. Each contribution holds its share of the user's bias.
func (f *ExplicitFolder) Explain(index []int32, rating []float32, item int32) (contribution []float32, base, score float32) {
	s := f.solvers.Get().(*rowSolver)
	defer f.solvers.Put(s)
	contribution, score = s.explainRow(f.row(s, index, rating), float64(len(index)), item)
	return contribution, f.base[item], f.base[item] + score
}

// row returns the problem of a user whose targets are the ratings less what
// anyone would be predicted.
func (f *ExplicitFolder) row(s *rowSolver, index []int32, rating []float32) row {
	f.check(index, rating, -math.MaxFloat32)
	s.target = s.target[:0]
	for e, item := range index {
		s.target = append(s.target, rating[e]-f.base[item])
	}
	return row{factors: f.half.fixed, index: index, target: s.target}
}

// folder is what both kinds of folding in share.
type folder struct {
	half    *half
	solvers *sync.Pool // *rowSolver
}

func newFolder(h *half, rank int) folder {
	return folder{h, &sync.Pool{New: func() any { return newRowSolver(h, rank) }}}
}

// check panics when a history does not fit the items, or a weight is not finite
// or below least.
func (f *folder) check(index []int32, weight []float32, least float32) {
	if weight != nil && len(weight) != len(index) {
		panic(fmt.Sprintf("als: %d weights for %d items", len(weight), len(index)))
	}
	for _, item := range index {
		if item < 0 || int(item) >= f.half.fixed.Rows {
			panic(fmt.Sprintf("als: item %d of %d in a history", item, f.half.fixed.Rows))
		}
	}
	for _, w := range weight {
		if !(w >= least && w <= math.MaxFloat32) {
			panic(fmt.Sprintf("als: weight %v in a history", w))
		}
	}
}

// explainRow returns what each column of a row whose weights add up to n adds
// to its score with a row of the fixed side, and the score.
func (w *rowSolver) explainRow(p row, n float64, other int32) (contribution []float32, score float32) {
	w.regularize(n)
	p.root = w.root
	contribution = make([]float32, len(p.index))
	w.ridge.explain(contribution, p, p.factors.Row(int(other)))
	sum := 0.0
	for _, c := range contribution {
		sum += float64(c)
	}
	return contribution, float32(sum)
}
