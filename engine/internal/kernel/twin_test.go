package kernel

import (
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
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

// onEachPath runs test on every path that the processor has.
func onEachPath(t *testing.T, test func(t *testing.T)) {
	was := Path()
	defer use(was)
	for _, path := range supported() {
		use(path)
		t.Run(path, test)
	}
}

func TestTheProcessorsPathRuns(t *testing.T) {
	t.Logf("of %v this process took %s", supported(), Path())
	onEachPath(t, func(t *testing.T) {
		// In lanes the large numbers meet first and cancel; in the reference the
		// one is added to the first of them, and lost.
		x := make([]float32, 16)
		x[0], x[4], x[8] = 1e8, 1, -1e8
		lanes := Dot(x, slices.Repeat([]float32{1}, 16)) == 1
		// A tile writes as many rows as it is high.
		c, ones := make([]float32, tall*Lane), slices.Repeat([]float32{1}, tall)
		tile(set, height(tall), 1, c, Lane, ones, 1, 0, ones, 0, 1)
		rows := 0
		for rows < tall && c[rows*Lane] == 1 {
			rows++
		}
		want := map[string]int{"generic": Rows, "avx2": Rows, "neon": Rows, "avx512": tall, "avx512bf16": tall}
		if HasGram16() != (Path() == "avx512bf16") {
			t.Errorf("path %s: products in 16 bits: %v", Path(), HasGram16())
		}
		if lanes != (Path() != "generic") || rows != want[Path()] {
			t.Errorf("path %s: sums in lanes %v, tiles of %d rows", Path(), lanes, rows)
		}
	})
}

func TestThePathCanBeChosen(t *testing.T) {
	for _, path := range supported() {
		run := exec.Command(os.Args[0], "-test.run=TestTheProcessorsPathRuns", "-test.v")
		run.Env = append(os.Environ(), "VALSE_CPU="+path)
		out, err := run.CombinedOutput()
		if errors.Is(err, syscall.ENOEXEC) {
			t.Skip("the test runs by emulation, which does not start programs")
		}
		if err != nil || !strings.Contains(string(out), "this process took "+path) {
			t.Errorf("VALSE_CPU=%s: %v\n%s", path, err, out)
		}
	}
}

func TestDotEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		lengths(func(random *rand.Rand, n, offset int) {
			x, y := newGuarded(random, n, offset), newGuarded(random, n, 0)
			if got, want := Dot(x.s, y.s), dotGeneric(x.s, y.s); math.Abs(float64(got-want)) > 1e-4 {
				t.Errorf("Dot, length %d, offset %d = %v, want %v", n, offset, got, want)
			}
		})
	})
}

func TestAxpyEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		lengths(func(random *rand.Rand, n, offset int) {
			x, y := newGuarded(random, n, 3), newGuarded(random, n, offset)
			want := y.clone()
			axpyGeneric(0.7, x.s, want)
			Axpy(0.7, x.s, y.s)
			y.check(t, want, "Axpy, length %d, offset %d", n, offset)
		})
	})
}

func TestScaleEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		lengths(func(random *rand.Rand, n, offset int) {
			x, y, dst := newGuarded(random, n, 1), newGuarded(random, n, 0), newGuarded(random, n, offset)
			want := dst.clone()
			scaleGeneric(want, -1.5, x.s, y.s)
			Scale(dst.s, -1.5, x.s, y.s)
			dst.check(t, want, "Scale, length %d, offset %d", n, offset)
		})
	})
}

func TestInversesEqualTheirTwins(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		lengths(func(random *rand.Rand, n, offset int) {
			x, y, dst := newGuarded(random, n, 1), newGuarded(random, n, 0), newGuarded(random, n, offset)
			for k := range x.s {
				x.s[k], y.s[k] = 0.1+x.s[k]*x.s[k], y.s[k]*y.s[k]
			}
			want := dst.clone()
			inversesGeneric(want, x.s, 3, y.s)
			Inverses(dst.s, x.s, 3, y.s)
			dst.check(t, want, "Inverses, length %d, offset %d", n, offset)
			inverseRootsGeneric(want, x.s, 0.5)
			InverseRoots(dst.s, x.s, 0.5)
			dst.check(t, want, "InverseRoots, length %d, offset %d", n, offset)
		})
	})
}

func TestDotRowsEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestAxpyRowsEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestGatherEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestGatherDotEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
				gatherDot(dst.s, table.s, index, x.s)
				dst.check(t, want, "gatherDot, %d × %d, offset %d", rows, n, offset)
			}
		})
	})
}

func TestGatherAxpyEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
				gatherAxpy(dst.s, alpha.s, table.s, index)
				dst.check(t, want, "gatherAxpy, %d × %d, offset %d", rows, n, offset)
			}
		})
	})
}

func TestTileEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(3, 4))
		for _, m := range []mode{set, add, sub} {
			for lanes := 1; lanes <= 2*maxLanes; lanes++ {
				for k := 1; k < 40; k++ {
					rows := height(tall)
					if lanes > maxLanes*rows/Rows {
						continue
					}
					offset, ld := k%Lane, 2*maxLanes*Lane+k%5
					c := newGuarded(random, (rows-1)*ld+lanes*Lane, offset)
					a, b := newGuarded(random, tall*41, offset), newGuarded(random, 41*ld, 1)
					for _, shape := range [][2]int{{1, tall}, {40, 1}} {
						want := c.clone()
						for r := 0; r < rows; r += Rows {
							tileGeneric(m, lanes, want[r*ld:], ld, a.s[r*shape[0]:], shape[0], shape[1], b.s, ld, k)
						}
						tile(m, rows, lanes, c.s, ld, a.s, shape[0], shape[1], b.s, ld, k)
						c.check(t, want, "tile, mode %d, %d lanes, %d steps", m, lanes, k)
					}
				}
			}
		}
	})
}

func TestGram16EqualsItsTwinAndTheProductOfRoundedNumbers(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(7, 8))
		for n := 1; n < 75; n++ {
			for rows := 1; rows < 40; rows += 1 + n%3 {
				offset, ld := rows%Lane, Pad(n)+n%2*Lane
				src := newGuarded(random, rows*ld, offset)
				words, want := make([]uint32, (rows+1)/2*ld), make([]uint32, (rows+1)/2*ld)
				alpha, rowSum := newGuarded(random, rows, 1), newGuarded(random, n, offset)
				wantSum := rowSum.clone()
				Pack16(words, ld, src.s, ld, rows, n, alpha.s, rowSum.s)
				pack16Generic(want, ld, append(src.clone(), make([]float32, ld)...), ld, (rows+1)/2, append(alpha.clone(), 0), wantSum)
				if !slices.Equal(words, want) {
					t.Fatalf("Pack16 of %d × %d = %x, want %x", rows, n, words, want)
				}
				rowSum.check(t, wantSum, "sum of Pack16, %d × %d", rows, n)
				c := newGuarded(random, (Pad(n)-1)*ld+Pad(n), offset)
				for _, more := range []bool{false, true} {
					sum := c.clone()
					for i := range n {
						for j := i; j < n; j++ {
							s := float32(0)
							for r := range rows {
								x, y := src.s[r*ld+i], src.s[r*ld+j]
								s += math.Float32frombits(upper(x)<<16) * math.Float32frombits(upper(y)<<16)
							}
							if more {
								s += sum[i*ld+j]
							}
							sum[i*ld+j] = s
						}
					}
					Gram16(c.s, ld, words, ld, (rows+1)/2, n, n, more)
					for i := range Pad(n) {
						// Not promised: what lies below the diagonal or beyond column n.
						for j := range Pad(n) {
							if j < i || i >= n || j >= n {
								c.s[i*ld+j] = sum[i*ld+j]
							}
						}
					}
					c.check(t, sum, "Gram16, %d × %d, more %v", rows, n, more)
				}
			}
		}
	})
}

func TestTransposeEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestReachEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestDotBytesEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
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
	})
}

func TestPackEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		// Every number with sixteen bits, what lies halfway to the next and a
		// little to either side; the largest round to infinity.
		var x []float32
		for h := range uint32(0x7f80) {
			for _, low := range []uint32{0, 0x7fff, 0x8000, 0x8001} {
				v := math.Float32frombits(h<<16 | low)
				x = append(x, v, -v)
			}
		}
		got, want := make([]uint32, len(x)/2), make([]uint32, len(x)/2)
		Pack(got, x)
		packGeneric(want, x[:len(want)], x[len(want):])
		if !slices.Equal(got, want) {
			t.Error("Pack differs from its twin")
		}
		random := rand.New(rand.NewPCG(15, 16))
		for range 1000 {
			x := newGuarded(random, 2*Lane, 0).s
			Pack(got[:Lane], x)
			for k, word := range got[:Lane] {
				hi, lo := unpack(word)
				for _, pair := range [][2]float32{{hi, x[k]}, {lo, x[Lane+k]}} {
					if math.Abs(float64(pair[0]/pair[1]-1)) > 0x1p-8 {
						t.Fatalf("Pack made %v of %v", pair[0], pair[1])
					}
				}
			}
		}
	})
}

func TestGatheredPairsEqualTheirTwins(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(13, 14))
		const tableRows = 20
		for words := Lane; words <= 9*Lane; words += Lane {
			table := make([]uint32, tableRows*words)
			Pack(table, newGuarded(random, 2*len(table), 0).s)
			x := newGuarded(random, 2*words, 5)
			for rows := range 41 {
				index := make([]int32, rows)
				for i := range index {
					index[i] = random.Int32N(tableRows)
				}
				dots, alpha := newGuarded(random, rows, 3), newGuarded(random, rows, 1)
				want := dots.clone()
				pairDotGeneric(want, table, index, x.s)
				PairDot(dots.s, table, index, x.s)
				dots.check(t, want, "PairDot, %d × %d words", rows, words)

				dst := newGuarded(random, 2*words, rows%Lane)
				want = dst.clone()
				pairAxpyGeneric(want, alpha.s, table, index)
				pairAxpy(dst.s, alpha.s, table, index)
				dst.check(t, want, "pairAxpy, %d × %d words", rows, words)

				a, b, s := newGuarded(random, rows, 1), newGuarded(random, rows, 2), newGuarded(random, rows, 3)
				wantS, want := s.clone(), dst.clone()
				pairDotGeneric(wantS, table, index, x.s)
				mulAdd(wantS, a.s, b.s)
				pairAxpyGeneric(want, wantS, table, index)
				PairPass(dst.s, s.s, a.s, b.s, table, index, x.s)
				s.check(t, wantS, "coefficients of PairPass, %d × %d words", rows, words)
				dst.check(t, want, "PairPass, %d × %d words", rows, words)
			}
		}
	})
}

func TestGatherPassEqualsItsTwin(t *testing.T) {
	onEachPath(t, func(t *testing.T) {
		lengths(func(random *rand.Rand, n, offset int) {
			const tableRows = 20
			table, x := newGuarded(random, tableRows*n, offset), newGuarded(random, n, 5)
			for _, rows := range []int{0, 1, 3, 4, 5, 19, 20, 27, 41} {
				index := make([]int32, rows)
				for i := range index {
					index[i] = random.Int32N(tableRows)
				}
				a, b := newGuarded(random, rows, 1), newGuarded(random, rows, 2)
				s, dst := newGuarded(random, rows, 3), newGuarded(random, n, offset)
				wantS, want := s.clone(), dst.clone()
				if n > 0 {
					gatherDotGeneric(wantS, table.s, index, x.s)
					mulAdd(wantS, a.s, b.s)
					gatherAxpyGeneric(want, wantS, table.s, index)
				}
				GatherPass(dst.s, s.s, a.s, b.s, table.s, index, x.s)
				s.check(t, wantS, "coefficients of GatherPass, %d × %d, offset %d", rows, n, offset)
				dst.check(t, want, "GatherPass, %d × %d, offset %d", rows, n, offset)
			}
		})
	})
}
