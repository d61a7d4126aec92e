// Package trial is what the randomised tests share: how many rounds to run and
// from which seed, so that a failure found by chance can be met again.
//
// Each such test runs a few rounds with `make test` and many with
// `make test-long`, which sets VALSE_LONG; VALSE_SEED repeats one run.
package trial

import (
	"hash/fnv"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// Long reports whether the long trials were asked for (VALSE_LONG=1).
func Long() bool { return os.Getenv("VALSE_LONG") != "" }

// Rounds returns few, or many in a long trial.
func Rounds(few, many int) int {
	if Long() {
		return many
	}
	return few
}

// Rand returns a generator whose seed the test's log names: that of VALSE_SEED
// or a new one. It must not be shared between goroutines; [Fork] it.
func Rand(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if s := os.Getenv("VALSE_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("VALSE_SEED %q is not an unsigned integer", s)
		}
	}
	t.Logf("seed: VALSE_SEED=%d", seed)
	h := fnv.New64a()
	h.Write([]byte(t.Name()))
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

// Fork returns a generator of its own, drawn from r.
func Fork(r *rand.Rand) *rand.Rand { return rand.New(rand.NewPCG(r.Uint64(), r.Uint64())) }
