package als

import (
	"fmt"
	"math"
	"runtime"
)

// Solver says how a row's least-squares problem is solved.
type Solver int

const (
	// Exact solves each row to rounding, by Cholesky. It is the default.
	Exact Solver = iota
	// Fast takes a few steps of preconditioned conjugate gradient from the
	// row's last value where that is cheaper than Exact.
	Fast
)

// Settings of Train. The zero value works: each zero means the default.
type Settings struct {
	Rank             int     // length of a factor; default 64
	Iterations       int     // sweeps, each over users and then items; default 12
	UnobservedWeight float64 // w₀, the weight of every pair's s² term; default 0.1
	Reg              float64 // λ; default 0.01
	RegExponent      float64 // ν; default 1, negative means 0 (λ for every row alike)
	Solver           Solver  // default Exact
	Seed             uint64  // of the initial factors
	Threads          int     // default GOMAXPROCS; does not change the result

	// Init, when not nil, gives the factors to start from instead of random
	// ones: those of an earlier result over the same rows and columns. Train
	// takes them over and goes on in them, so that there is no second copy. Going
	// on from what Keep got gives the same bits as never having stopped.
	Init *Result
	// Keep, when not nil, is called after each sweep with what training would
	// return now, which it must not keep beyond the call; its error stops
	// training.
	Keep func(*Result) error
}

// ExplicitSettings of TrainExplicit. The zero value works: each zero means the
// default.
type ExplicitSettings struct {
	Rank        int     // length of a factor without its bias; default 32
	Iterations  int     // sweeps, each over users and then items; default 15
	Reg         float64 // λ; default 1.5
	RegExponent float64 // ν; default 0.5, negative means 0
	Seed        uint64  // of the initial factors
	Threads     int     // default GOMAXPROCS; does not change the result

	// Init, when not nil, gives the model to start from.
	Init *ExplicitResult
	// Keep is that of [Settings].
	Keep func(*ExplicitResult) error
}

// WithDefaults returns the settings with each zero replaced by its default.
func (s Settings) WithDefaults() Settings {
	s.Rank = orDefault(s.Rank, 64)
	s.Iterations = orDefault(s.Iterations, 12)
	s.UnobservedWeight = orDefault(s.UnobservedWeight, 0.1)
	s.Reg = orDefault(s.Reg, 0.01)
	s.RegExponent = orDefault(s.RegExponent, 1)
	s.Threads = orDefault(s.Threads, runtime.GOMAXPROCS(0))
	return s
}

// WithDefaults returns the settings with each zero replaced by its default.
func (s ExplicitSettings) WithDefaults() ExplicitSettings {
	s.Rank = orDefault(s.Rank, 32)
	s.Iterations = orDefault(s.Iterations, 15)
	s.Reg = orDefault(s.Reg, 1.5)
	s.RegExponent = orDefault(s.RegExponent, 0.5)
	s.Threads = orDefault(s.Threads, runtime.GOMAXPROCS(0))
	return s
}

// validate reports settings that no data can be trained with.
func (s Settings) validate() error {
	if err := validateCommon(s.Rank, s.Iterations, s.Threads, s.Reg, s.RegExponent); err != nil {
		return err
	}
	if !positive(s.UnobservedWeight) {
		return fmt.Errorf("als: unobserved weight %v, want a positive number", s.UnobservedWeight)
	}
	if s.Solver != Exact && s.Solver != Fast {
		return fmt.Errorf("als: unknown solver %d", s.Solver)
	}
	return nil
}

func (s ExplicitSettings) validate() error {
	return validateCommon(s.Rank, s.Iterations, s.Threads, s.Reg, s.RegExponent)
}

func validateCommon(rank, iterations, threads int, reg, exponent float64) error {
	switch {
	case rank < 0 || iterations < 0 || threads < 0:
		return fmt.Errorf("als: rank %d, %d iterations, %d threads: none may be negative", rank, iterations, threads)
	case !positive(reg):
		return fmt.Errorf("als: regularization %v, want a positive number", reg)
	case math.IsNaN(exponent) || exponent > 2:
		return fmt.Errorf("als: regularization exponent %v, want at most 2", exponent)
	}
	return nil
}

// positive reports whether x is a positive number that float32 can hold.
func positive(x float64) bool {
	return x >= math.SmallestNonzeroFloat32 && x <= math.MaxFloat32
}

func orDefault[T int | float64](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}
