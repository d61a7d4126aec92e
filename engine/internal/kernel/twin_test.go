package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// guard is what the room around a slice under test is filled with.
const guard = float32(-7.25e20)

// guarded is a slice of random numbers at an odd offset in guarded room.
type guarded struct {
	room []float32
	s    []float32
}

func newGuarded(random *rand.Rand, n, offset int) guarded {
	room := make([]float32, n+offset+16)
	for i := range room {
		room[i] = guard
	}
	s := room[offset : offset+n]
	for i := range s {
		s[i] = float32(random.NormFloat64())
	}
	return guarded{room, s}
}

// clone returns a copy of the numbers alone.
func (g guarded) clone() []float32 { return append([]float32(nil), g.s...) }

// check fails unless s equals want to rounding and the guards are untouched.
func (g guarded) check(t *testing.T, want []float32, format string, args ...any) {
	t.Helper()
	fail := func(at int, got, want float32) {
		t.Helper()
		t.Errorf(format+": [%d] = %v, want %v", append(args, at, got, want)...)
	}
	for i, w := range want {
		if math.Abs(float64(g.s[i]-w)) > 1e-5*(8+math.Abs(float64(w))) {
			fail(i, g.s[i], w)
			return
		}
	}
	offset := len(g.room) - 16 - len(g.s)
	for i, v := range g.room {
		if (i < offset || i >= offset+len(g.s)) && v != guard {
			fail(i-offset, v, guard)
			return
		}
	}
}

// lengths calls f with every length up to a few blocks and every offset in a
// vector register.
func lengths(f func(random *rand.Rand, n, offset int)) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 75 {
		for offset := range Lane {
			f(random, n, offset)
		}
	}
}

func TestTheProcessorsPathRan(t *testing.T) {
	// The rounding error of x² is what a fused multiply-add leaves of x² − x²,
	// and plain multiplication and addition do not.
	x := []float32{1 + 0x1p-12}
	y := []float32{-x[0] * x[0]}
	Axpy(x[0], x, y)
	switch fused := y[0] != 0; Path() {
	case "avx2":
		if !fused {
			t.Error("Path is avx2, but multiplication and addition were not fused")
		}
	case "generic":
		if useAVX2 {
			t.Error("Path is generic, but the processor has AVX2")
		}
	default:
		t.Errorf("Path = %q", Path())
	}
	t.Logf("path %s", Path())
}

func TestDotEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		x, y := newGuarded(random, n, offset), newGuarded(random, n, 0)
		if got, want := Dot(x.s, y.s), dotGeneric(x.s, y.s); math.Abs(float64(got-want)) > 1e-4 {
			t.Errorf("Dot, length %d, offset %d = %v, want %v", n, offset, got, want)
		}
	})
}

func TestAxpyEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		x, y := newGuarded(random, n, 3), newGuarded(random, n, offset)
		want := y.clone()
		axpyGeneric(0.7, x.s, want)
		Axpy(0.7, x.s, y.s)
		y.check(t, want, "Axpy, length %d, offset %d", n, offset)
	})
}

func TestScaleEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		x, y, dst := newGuarded(random, n, 1), newGuarded(random, n, 0), newGuarded(random, n, offset)
		want := dst.clone()
		scaleGeneric(want, -1.5, x.s, y.s)
		Scale(dst.s, -1.5, x.s, y.s)
		dst.check(t, want, "Scale, length %d, offset %d", n, offset)
	})
}

func TestDotRowsEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		for rows := range 10 {
			ld := n + offset
			a, x, dst := newGuarded(random, rows*ld+n, offset), newGuarded(random, n, 5), newGuarded(random, rows, offset)
			want := dst.clone()
			dotRowsGeneric(want, a.s, ld, x.s)
			DotRows(dst.s, a.s, ld, x.s)
			dst.check(t, want, "DotRows, %d × %d, offset %d", rows, n, offset)
		}
	})
}

func TestAxpyRowsEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		for rows := range 10 {
			ld := n + offset
			a, alpha, dst := newGuarded(random, rows*ld+n, offset), newGuarded(random, rows, 5), newGuarded(random, n, offset)
			want := dst.clone()
			axpyRowsGeneric(want, alpha.s, a.s, ld)
			AxpyRows(dst.s, alpha.s, a.s, ld)
			dst.check(t, want, "AxpyRows, %d × %d, offset %d", rows, n, offset)
		}
	})
}

func TestGatherEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		const rows, tableRows = 9, 20
		ld := n + offset
		table, alpha, y := newGuarded(random, tableRows*n, offset), newGuarded(random, rows, 1), newGuarded(random, n, 2)
		index := make([]int32, rows)
		for i := range index {
			index[i] = random.Int32N(tableRows)
		}
		dst := newGuarded(random, rows*ld, offset)
		want := dst.clone()
		gatherGeneric(want, ld, table.s, n, index, alpha.s, y.s)
		Gather(dst.s, ld, table.s, n, index, alpha.s, y.s)
		dst.check(t, want, "Gather, rank %d, offset %d", n, offset)
	})
}

func TestGatherDotEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		const tableRows = 20
		table, x := newGuarded(random, tableRows*n, offset), newGuarded(random, n, 5)
		for rows := range 10 {
			index := make([]int32, rows)
			for i := range index {
				index[i] = random.Int32N(tableRows)
			}
			dst := newGuarded(random, rows, offset)
			want := dst.clone()
			gatherDotGeneric(want, table.s, index, x.s)
			Prefetch(table.s, n, index)
			GatherDot(dst.s, table.s, index, x.s)
			dst.check(t, want, "GatherDot, %d × %d, offset %d", rows, n, offset)
		}
	})
}

func TestGatherAxpyEqualsItsTwin(t *testing.T) {
	lengths(func(random *rand.Rand, n, offset int) {
		const tableRows = 20
		table := newGuarded(random, tableRows*n, offset)
		for rows := range 10 {
			index, alpha := make([]int32, rows), newGuarded(random, rows, 1)
			for i := range index {
				index[i] = random.Int32N(tableRows)
			}
			dst := newGuarded(random, n, offset)
			want := dst.clone()
			gatherAxpyGeneric(want, alpha.s, table.s, index)
			GatherAxpy(dst.s, alpha.s, table.s, index)
			dst.check(t, want, "GatherAxpy, %d × %d, offset %d", rows, n, offset)
		}
	})
}

func TestTileEqualsItsTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, m := range []mode{set, add, sub} {
		for lanes := 1; lanes <= maxLanes; lanes++ {
			for k := 1; k < 40; k++ {
				offset, ld := k%Lane, maxLanes*Lane+k%5
				c := newGuarded(random, 3*ld+lanes*Lane, offset)
				a, b := newGuarded(random, 4*41, offset), newGuarded(random, 41*ld, 1)
				for _, shape := range [][2]int{{1, Rows}, {40, 1}} {
					want := c.clone()
					tileGeneric(m, lanes, want, ld, a.s, shape[0], shape[1], b.s, ld, k)
					tile(m, lanes, c.s, ld, a.s, shape[0], shape[1], b.s, ld, k)
					c.check(t, want, "tile, mode %d, %d lanes, %d steps", m, lanes, k)
				}
			}
		}
	}
}

func TestTransposeEqualsItsTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for rows := range 27 {
		for cols := range 27 {
			lds, ldd := Pad(cols)+cols%3, Pad(rows)+rows%3
			src, dst := newGuarded(random, Pad(rows)*lds, 1), newGuarded(random, Pad(cols)*ldd, 3)
			want := dst.clone()
			transposeGeneric(want, ldd, src.s, lds, rows, cols)
			Transpose(dst.s, ldd, src.s, lds, rows, cols)
			for j := range cols { // beyond rows and cols anything may be written
				copy(want[j*ldd+rows:j*ldd+Pad(rows)], dst.s[j*ldd+rows:])
			}
			for j := cols; j < Pad(cols); j++ {
				copy(want[j*ldd:][:Pad(rows)], dst.s[j*ldd:])
			}
			dst.check(t, want, "Transpose, %d × %d", rows, cols)
		}
	}
}

func TestReachEqualsItsTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for rows := range 20 {
		scores := newGuarded(random, rows*Group, rows%Lane).s
		var floors [Group]float32
		copy(floors[:], newGuarded(random, Group, 0).s)
		for i := range scores {
			switch random.IntN(10) {
			case 0:
				scores[i] = floors[i%Group]
			case 1:
				scores[i] = float32(math.NaN())
			case 2:
				scores[i] = float32(math.Inf(-1))
			}
		}
		floors[3] = float32(math.Inf(-1))
		got, want := make([]uint32, rows), make([]uint32, rows)
		Reach(got, scores, &floors)
		reachGeneric(want, scores, &floors)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("Reach, row %d of %d = %b, want %b", i, rows, got[i], want[i])
			}
		}
	}
}

func TestDotBytesEqualsItsTwin(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for width := ByteLane; width <= 5*ByteLane; width += ByteLane {
		for rows := range 14 {
			bytes, x := make([]int8, rows*width), make([]int16, width)
			for i := range bytes {
				bytes[i] = int8(random.IntN(255) - 127)
			}
			for i := range x {
				x[i] = int16(random.IntN(65535) - 32767)
			}
			dst := newGuarded(random, rows, rows%Lane)
			want := dst.clone()
			dotBytesGeneric(want, bytes, x)
			DotBytes(dst.s, bytes, x)
			dst.check(t, want, "DotBytes, %d × %d", rows, width)
		}
	}
}

func TestHalveEqualsItsTwin(t *testing.T) {
	// Every half-precision number, what lies between it and the next, and what
	// is out of range.
	x := []float32{70000, -1e30, 65519.9, 65520, 1e-8, -1e-9, 0x1p-25, 0}
	for h := range uint16(0x7c00) {
		a, b := fromHalf(h), fromHalf(h+1)
		x = append(x, a, -a, (a+b)/2, a+(b-a)/3, a, a, a, a)
	}
	got, want := make([]uint16, len(x)), make([]uint16, len(x))
	Halve(got, 1, x)
	halveGeneric(want, 1, x)
	for k := range x {
		if got[k] != want[k] {
			t.Fatalf("Halve(%v) = %#x, want %#x", x[k], got[k], want[k])
		}
	}
	Halve(got[:8], 0.5, []float32{2, 4, 6, 8, -2, -4, 0, 1})
	for k, v := range []float32{1, 2, 3, 4, -1, -2, 0, 0.5} {
		if fromHalf(got[k]) != v {
			t.Errorf("Halve, number %d = %v, want %v", k, fromHalf(got[k]), v)
		}
	}
}

func TestGatheredHalvesEqualTheirTwins(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	const tableRows = 20
	for n := Lane; n <= 9*Lane; n += Lane {
		full := newGuarded(random, tableRows*n, 0).s
		table := make([]uint16, len(full))
		Halve(table, 1, full)
		for rows := range 10 {
			index, alpha := make([]int32, rows), newGuarded(random, rows, 1)
			for i := range index {
				index[i] = random.Int32N(tableRows)
			}
			PrefetchHalf(table, n, index)
			x, dots := newGuarded(random, n, 5), newGuarded(random, rows, 3)
			want := dots.clone()
			gatherDotHalfGeneric(want, table, index, x.s)
			GatherDotHalf(dots.s, table, index, x.s)
			dots.check(t, want, "GatherDotHalf, %d × %d", rows, n)

			dst := newGuarded(random, n, rows)
			want = dst.clone()
			gatherAxpyHalfGeneric(want, alpha.s, table, index)
			GatherAxpyHalf(dst.s, alpha.s, table, index)
			dst.check(t, want, "GatherAxpyHalf, %d × %d", rows, n)
		}
	}
}
