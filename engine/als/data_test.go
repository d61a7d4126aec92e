package als

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

func TestTrainingsThatShareDataGiveWhatEachGivesAlone(t *testing.T) {
	m := powerLaw(600, 300, 9000, true, 8)
	d, err := NewData(m)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i, s := range []Settings{
		{Rank: 8}, {Rank: 8, Reg: 1, Solver: Fast}, {Rank: 8, UnobservedWeight: 2}, {Rank: 8, Seed: 5}, {Rank: 20}, {Rank: 20, Solver: Fast},
	} {
		s.Iterations, s.Threads = 3, 1
		all.Go(func() {
			want, err := Train(t.Context(), m, s, nil)
			if err != nil {
				t.Error(err)
				return
			}
			for round := range 2 {
				got, err := d.Train(t.Context(), s, nil)
				name := fmt.Sprintf("settings %d, round %d", i, round)
				if err != nil || !slices.Equal(got.Users.Data, want.Users.Data) || !slices.Equal(got.Items.Data, want.Items.Data) {
					t.Errorf("%s: sharing data changes the factors (%v)", name, err)
				}
			}
		})
	}
	all.Wait()
}
