package als

import (
	"maps"
	"math"
	"slices"

	"valse/engine/internal/kernel"
)

// State is one user's normal equations against fixed item factors,
//
//	A x = ZᵀCr,  A = ZᵀCZ + D,
//
// in the notation of ridge, kept so that a change of the history costs less
// than solving anew, and so that A⁻¹ answers more than one question.
//
// What a change costs depends on what it moves. ZᵀCZ takes one step of rank one,
// which is exact whatever the settings. The regulariser of D, λ(n + w₀N)^ν,
// moves with the total weight n unless ν is 0: while it stands, the Cholesky
// factor of A takes the same step, O(rank²); once it moved, A is factorised
// again from the kept ZᵀCZ, O(rank³) but without a pass over the history's
// squares. A history shorter than the rank is solved in the dual form, for which
// nothing need be kept.
//
// Each solution is checked against the history itself, one pass over it: what
// rounding has left in the kept matrix shows in the residual, and from drift on
// it is summed up again. So no number of steps makes a State wrong.
//
// A State is one goroutine's at a time.
type State struct {
	*folder
	base []float32 // of each item, in a model of stars; else nil
	// leave writes a solution to where the caller wants it.
	leave func(dst, x []float32) (bias float32)

	index  []int32   // ascending
	value  []float32 // confidence or stars, parallel to index
	target []float32 // stars less base; nil for confidence

	gram   *gram   // nil until it is needed
	factor *factor // of gram and of the regulariser; nil until it is needed
	x      []float32
	solved bool // whether x belongs to the history
}

// drift is the residual, relative to the right-hand side, from which on the kept
// matrix counts as spoilt by rounding.
const drift = 1e-4

// State starts the state of a user with the given history, as Solve takes it.
func (f *Folder) State(index []int32, weight []float32) *State {
	return newState(&State{folder: &f.folder, leave: f.leave}, index, weight)
}

// State starts the state of a user with the given ratings.
func (f *ExplicitFolder) State(index []int32, rating []float32) *State {
	return newState(&State{folder: &f.folder, leave: leaveBias, base: f.base}, index, rating)
}

func newState(s *State, index []int32, value []float32) *State {
	s.x = make([]float32, s.half.fixed.Rank)
	s.Sync(index, value)
	return s
}

// Clone returns a copy that changes on its own.
func (s *State) Clone() *State {
	c := *s
	c.index, c.value, c.target = slices.Clone(s.index), slices.Clone(s.value), slices.Clone(s.target)
	c.gram, c.factor, c.x = s.gram.clone(), s.factor.clone(), slices.Clone(s.x)
	return &c
}

// Sync makes the state that of the given history, in any order and each item
// once: step by step where that is less work than starting again.
func (s *State) Sync(index []int32, value []float32) {
	s.check(index, value, s.least())
	wanted := make(map[int32]float32, len(index))
	for e, item := range index {
		wanted[item] = at(value, e)
	}
	var changed []int32
	for e, item := range s.index {
		if v, ok := wanted[item]; !ok || v != s.value[e] {
			changed = append(changed, item)
		}
	}
	for _, item := range index {
		if _, ok := slices.BinarySearch(s.index, item); !ok {
			changed = append(changed, item)
		}
	}
	if stepCost*len(changed) >= len(index) {
		s.start(wanted)
		return
	}
	for _, item := range changed {
		if v, ok := wanted[item]; ok {
			s.Set(item, v)
		} else {
			s.Remove(item)
		}
	}
}

// stepCost is how many items' squares are summed up in the time of one step.
const stepCost = 4

// start forgets what is kept and begins with a history.
func (s *State) start(history map[int32]float32) {
	s.gram, s.factor, s.solved = nil, nil, false
	s.index = slices.Sorted(maps.Keys(history))
	s.value, s.target = make([]float32, len(s.index)), nil
	for e, item := range s.index {
		s.value[e] = history[item]
		if s.base != nil {
			s.target = append(s.target, s.value[e]-s.base[item])
		}
	}
}

// least is the least value of a history's item.
func (s *State) least() float32 {
	if s.base != nil {
		return -math.MaxFloat32
	}
	return 0
}

func at(value []float32, e int) float32 {
	if value == nil {
		return 1
	}
	return value[e]
}

// Set enters an item with a confidence or rating, or changes the one it has.
func (s *State) Set(item int32, value float32) {
	s.check([]int32{item}, []float32{value}, s.least())
	e, known := slices.BinarySearch(s.index, item)
	before := float32(0)
	if known {
		before = s.value[e]
		s.value[e] = value
	} else {
		s.index, s.value = slices.Insert(s.index, e, item), slices.Insert(s.value, e, value)
	}
	switch {
	case s.base == nil:
		s.changed(item, value-before)
	case known:
		s.target[e] = value - s.base[item]
		s.changed(item, 0)
	default:
		s.target = slices.Insert(s.target, e, value-s.base[item])
		s.changed(item, 1)
	}
}

// Remove takes an item out again: the state is as if it had never been there.
func (s *State) Remove(item int32) {
	e, known := slices.BinarySearch(s.index, item)
	if !known {
		return
	}
	weight := at(s.weight(), e)
	s.index, s.value = slices.Delete(s.index, e, e+1), slices.Delete(s.value, e, e+1)
	if s.base != nil {
		s.target = slices.Delete(s.target, e, e+1)
	}
	s.changed(item, -weight)
}

// changed follows a change of an item's weight in what is kept of A.
func (s *State) changed(item int32, delta float32) {
	s.solved = false
	if len(s.index) == 0 {
		s.gram, s.factor = nil, nil // zeros, without what rounding left
		return
	}
	if delta == 0 || s.gram == nil {
		return
	}
	y := s.half.fixed.Row(int(item))
	s.gram.add(delta, y)
	if s.factor != nil && (s.half.reg.of(s.total()) != s.factor.reg || !s.factor.add(delta, y)) {
		s.factor = nil
	}
}

// weight returns the weights of the history; nil for stars, which all weigh one.
func (s *State) weight() []float32 {
	if s.base != nil {
		return nil
	}
	return s.value
}

// row is the state's problem in the form that solvers take.
func (s *State) row() row {
	return row{factors: s.half.fixed, index: s.index, weight: s.weight(), target: s.target}
}

func (s *State) total() float64 { return total(s.index, s.weight()) }

// Solve writes the user's factor into dst, as the folder's Solve does, and
// returns the user's bias in a model of stars, else 0.
func (s *State) Solve(dst []float32) (bias float32) {
	w := s.solvers.Get().(*rowSolver)
	defer s.solvers.Put(w)
	switch {
	case s.solved:
	case s.factor == nil && len(s.index) < len(s.x):
		w.solveRow(s.x, s.row(), s.total()) // the dual form: less than making a factor
	default:
		s.prepare(w)
	}
	s.solved = true
	return s.leave(dst, s.x)
}

// prepare makes the factor that belongs to the history, and x with it. A kept
// matrix that the residual of x shows to be spoilt is summed up again.
func (s *State) prepare(w *rowSolver) *factor {
	if s.factor != nil && s.solved {
		return s.factor
	}
	for range 2 {
		if s.gram == nil {
			s.gram, s.factor = sumGram(w.ridge, s.row()), nil
		}
		if reg := w.regularize(s.total()); s.factor == nil || s.factor.reg != reg {
			s.factor = s.gram.factorise(w.root, reg)
		}
		clear(s.x)
		whole := s.refine(w)
		if left := s.refine(w); left <= drift*whole {
			s.solved = true
			return s.factor
		}
		s.gram = nil
	}
	// Numbers that squares in float32 do not hold: the solver scales them first.
	w.solveRow(s.x, s.row(), s.total())
	s.gram = nil
	s.solved = true
	return s.factor
}

// refine adds A⁻¹(ZᵀCr − Ax) to x, with the kept A⁻¹ and the residual of the
// history itself, and returns the length that the residual had in the factor's
// scale.
func (s *State) refine(w *rowSolver) float64 {
	f, r := s.factor, w.x
	for k, x := range s.x {
		r[k] = -(w.spectrum[k] + float32(f.reg)) * x
	}
	var missing, roomA, roomB [columns]float32 // the first from each target, times its weight
	for lo := 0; lo < len(s.index); lo += columns {
		p := s.row().part(lo, columns)
		a, b := p.residual(roomA[:], roomB[:])
		kernel.GatherPass(r, missing[:], a, b, p.factors.Data, p.index, s.x)
	}
	kernel.Scale(w.root, 1, f.root, r)
	length := math.Sqrt(dot(w.root, w.root))
	f.apply(r)
	kernel.Axpy(1, r, s.x)
	return length
}
