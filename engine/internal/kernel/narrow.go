package kernel

// A narrow table has rows of up to sixteen numbers, filled up to sixteen with
// zeros. The normal equations of a row of training over it fit the registers of
// AVX-512, where they stay while they are added up; but they are too small to be
// solved one by one, each pivot waiting for the one before. So sixteen of them are
// solved at a time, one in each lane.

// Narrow is the width of a narrow table, and the number of systems in a Bundle.
const Narrow = 16

const (
	block = 4 // rows and columns of a block
	// systemSize is the room of a system (ZᵀCZ, ZᵀCt): four rows, the six blocks of
	// the upper triangle below them, row after row, and the right-hand side.
	systemSize = block*Narrow + (3+2+1)*block*block + Narrow
)

// Bundle holds the systems of sixteen rows, which are set one by one and solved
// together. Each comes out to the same bits whatever the others are.
type Bundle struct {
	systems [Narrow]system
	u       laned
	X       [Narrow][Narrow]float32 // the solutions
	Gain    [Narrow]float32         // bᵀx for each right-hand side b and solution x
	Square  [Narrow]float32         // xᵀx
	// Shrunk is how many times smaller elimination has made a number of a diagonal,
	// at most: so many times do errors of rounding grow.
	Shrunk [Narrow]float32
}

type (
	system [systemSize]float32
	// laned is a number of each of sixteen systems in each place of the upper
	// triangle of a matrix with a right-hand side after its columns.
	laned [Narrow][Narrow + 1][Narrow]float32
)

// HasNarrow reports whether a Bundle is faster here than Gram and Cholesky.
func HasNarrow() bool { return useAVX512 }

// Sum sets system i to ZᵀCZ and ZᵀCt for the rows index of a narrow table, with
// their weights C and targets t; nil means ones. The caller answers for every
// index being inside the table.
func (b *Bundle) Sum(i int, table []float32, index []int32, weight, target []float32) {
	s := &b.systems[i]
	if len(index) == 0 {
		clear(s[:])
		return
	}
	if weight != nil {
		weight = weight[:len(index)]
	}
	if target != nil {
		target = target[:len(index)]
	}
	narrowSum(s, table, index, weight, target)
}

// Solve solves (ZᵀCZ + D)x = ZᵀCt for each system, D being the diagonal of the
// spectrum and, added to each of its numbers, what the system has in reg.
//
// Every pivot is taken to be at least its number of D, as it is in exact
// arithmetic; so no rounding can make one zero or negative.
func (b *Bundle) Solve(spectrum, reg *[Narrow]float32) { narrowSolve(b, spectrum, reg) }

func narrowSumGeneric(s *system, table []float32, index []int32, weight, target []float32) {
	clear(s[:])
	for e, row := range index {
		z := table[int(row)*Narrow:][:Narrow]
		c, t := float32(1), float32(1)
		if weight != nil {
			c = weight[e]
		}
		if target != nil {
			t = target[e]
		}
		for r := range block {
			axpyGeneric(c*z[r], z, s[r*Narrow:])
		}
		at := block * Narrow
		for i := block; i < Narrow; i += block {
			for j := i; j < Narrow; j += block {
				for r := range block {
					axpyGeneric(c*z[i+r], z[j:j+block], s[at+r*block:])
				}
				at += block * block
			}
		}
		axpyGeneric(c*t, z, s[at:])
	}
}

// narrowSolveGeneric takes each system apart as UᵀV⁻¹U, V being the diagonal of U,
// which leaves roots out.
func narrowSolveGeneric(b *Bundle, spectrum, reg *[Narrow]float32) {
	for lane := range Narrow {
		u := b.systems[lane].matrix()
		gain, square, shrunk := float32(0), float32(0), float32(0)
		whole := u
		for i := range u {
			least := spectrum[i] + reg[lane]
			inverse := 1 / atLeast(u[i][i]+least, least)
			shrunk = max(shrunk, (whole[i][i]+least)*inverse)
			for k := i + 1; k < Narrow; k++ {
				axpyGeneric(-u[i][k]*inverse, u[i][k:], u[k][k:])
			}
			u[i][i] = inverse
			gain += u[i][Narrow] * inverse * u[i][Narrow]
		}
		x := &b.X[lane]
		for i := Narrow - 1; i >= 0; i-- {
			x[i] = u[i][i] * (u[i][Narrow] - dotGeneric(u[i][i+1:Narrow], x[i+1:]))
			square += x[i] * x[i]
		}
		b.Gain[lane], b.Square[lane], b.Shrunk[lane] = gain, square, shrunk
	}
}

// matrix returns the system's upper triangle with the right-hand side as one more
// column.
func (s *system) matrix() (u [Narrow][Narrow + 1]float32) {
	for r := range block {
		copy(u[r][:Narrow], s[r*Narrow:])
	}
	at := block * Narrow
	for i := block; i < Narrow; i += block {
		for j := i; j < Narrow; j += block {
			for r := range block {
				copy(u[i+r][j:j+block], s[at+r*block:])
			}
			at += block * block
		}
	}
	for i, v := range s[at:] {
		u[i][Narrow] = v
	}
	return u
}

// atLeast returns x, or least where x is less or not a number.
func atLeast(x, least float32) float32 {
	if x > least {
		return x
	}
	return least
}
