package trial_test

import (
	"testing"

	"valse/internal/trial"
)

func TestTheSameSeedGivesTheSameNumbers(t *testing.T) {
	t.Setenv("VALSE_SEED", "7")
	a, b := trial.Rand(t), trial.Rand(t)
	if x, y := a.Uint64(), b.Uint64(); x != y {
		t.Errorf("two generators of one seed start with %d and %d", x, y)
	}
	if x, y := trial.Fork(a).Uint64(), trial.Fork(b).Uint64(); x != y {
		t.Errorf("their forks start with %d and %d", x, y)
	}
}

func TestLongTrialsRunManyRounds(t *testing.T) {
	t.Setenv("VALSE_LONG", "")
	if n := trial.Rounds(3, 200); n != 3 {
		t.Errorf("Rounds(3, 200) = %d, want 3", n)
	}
	t.Setenv("VALSE_LONG", "1")
	if n := trial.Rounds(3, 200); n != 200 {
		t.Errorf("Rounds(3, 200) = %d with VALSE_LONG, want 200", n)
	}
}
