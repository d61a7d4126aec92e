package eval

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestByDigitSplitsByTheLastDigit(t *testing.T) {
	got := ByDigit([]int64{10, 25, 6, 107, 8, 99, -1, -5})
	want := Split{Train: []int32{0, 1, 7}, Validation: []int32{2, 3}, Test: []int32{4, 5, 6}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ByDigit (-want +got):\n%s", diff)
	}
}

func TestByTimeSplitsAtTheCuts(t *testing.T) {
	got := ByTime([]int64{5, 1, 9, 7, 4}, 5, 9)
	want := Split{Train: []int32{1, 4}, Validation: []int32{0, 3}, Test: []int32{2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("ByTime (-want +got):\n%s", diff)
	}
}

func TestCutLeavesAFractionBefore(t *testing.T) {
	time := []int64{50, 10, 40, 20, 30}
	for fraction, want := range map[float64]int64{-1: 10, 0: 10, 0.4: 30, 0.8: 50, 1: 51, 2: 51} {
		if got := Cut(time, fraction); got != want {
			t.Errorf("Cut(%v) = %v, want %v", fraction, got, want)
		}
	}
	if got := Cut(nil, 0.5); got != 0 {
		t.Errorf("Cut of nothing = %v, want 0", got)
	}
}

func TestLeaveLastOutTakesTheLatestOfEachUser(t *testing.T) {
	user := []int32{0, 1, 0, 0, 0, 1, 2}
	item := []int32{9, 9, 8, 7, 6, 8, 1}
	time := []int64{4, 1, 4, 1, 2, 2, 5}
	got := LeaveLastOut(user, item, time, 1)
	want := Split{Train: []int32{1, 3, 4, 6}, Validation: []int32{2}, Test: []int32{0, 5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("LeaveLastOut (-want +got):\n%s", diff)
	}
}

func TestByUserKeepsUsersWhole(t *testing.T) {
	user := make([]int32, 3000)
	for e := range user {
		user[e] = int32(e % 1000)
	}
	split := ByUser(user, 0.2, 0.1, 7)
	if diff := cmp.Diff(split, ByUser(user, 0.2, 0.1, 7)); diff != "" {
		t.Errorf("ByUser with the same seed (-first +second):\n%s", diff)
	}
	home := map[int32]string{}
	for name, part := range map[string][]int32{"train": split.Train, "validation": split.Validation, "test": split.Test} {
		for _, e := range part {
			if was, ok := home[user[e]]; ok && was != name {
				t.Fatalf("user %d is in %s and %s", user[e], was, name)
			}
			home[user[e]] = name
		}
	}
	if n := len(split.Validation); n < 450 || n > 750 {
		t.Errorf("%d of 3000 are in validation, want about 600", n)
	}
}
