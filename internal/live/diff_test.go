package live

import (
	"errors"
	"slices"
	"testing"

	"valse/store"
)

func TestTheDiffOfTwoModelsIsThatOfTheirLists(t *testing.T) {
	s := openTwo(t)
	d, err := s.Diff(t.Context(), "m1", "m2", nil, 20, 8)
	if err != nil || len(d.Users) != 20 || d.K != 8 {
		t.Fatalf("Diff = %+v, %v; want 20 users", d, err)
	}
	overlap := 0.0
	for i, u := range d.Users {
		for m, id := range []string{"m1", "m2"} {
			if want := ids(s.recommend(u.UserID, Request{N: 8, AsOf: id})); !slices.Equal(u.Lists[m], want) {
				t.Errorf("%s under %s = %v, want %v", u.UserID, id, u.Lists[m], want)
			}
		}
		if i > 0 && u.RBO < d.Users[i-1].RBO {
			t.Error("users who differ more come later")
		}
		overlap += u.Overlap / 20
	}
	if d.Overlap-overlap > 1e-9 || overlap-d.Overlap > 1e-9 || d.Overlap == 1 {
		t.Errorf("overlap = %v, want the mean %v, below 1", d.Overlap, overlap)
	}
	for i, spread := range d.Spread {
		if spread.Products < 8 || spread.Coverage != float64(spread.Products)/60 || spread.Novelty <= 0 {
			t.Errorf("spread %d = %+v", i, spread)
		}
	}
	again, err := s.Diff(t.Context(), "m1", "m2", nil, 20, 8)
	if err != nil || again.Users[0].UserID != d.Users[0].UserID || again.RBO != d.RBO {
		t.Errorf("asked again, the sample is another: %v", err)
	}
	self, err := s.Diff(t.Context(), "m2", "m2", []string{"u1", "stranger"}, 1, 8)
	if err != nil || self.Overlap != 1 || self.RBO < 0.999 || self.Moved != 0 || len(self.Users) != 2 {
		t.Errorf("a model beside itself = %+v, %v", self.Agreement, err)
	}
}

func TestADiffOfWhatIsNotThereIsRefused(t *testing.T) {
	s := openTwo(t)
	for _, c := range []struct {
		a, b      string
		sample, k int
		want      error
	}{
		{"m1", "never", 10, 10, store.ErrNotFound}, {"", "m1", 10, 10, store.ErrInvalid},
		{"m1", "m2", 0, 10, store.ErrInvalid}, {"m1", "m2", 10, 101, store.ErrInvalid},
	} {
		if _, err := s.Diff(t.Context(), c.a, c.b, nil, c.sample, c.k); !errors.Is(err, c.want) {
			t.Errorf("Diff(%q, %q, %d, %d) = %v, want %v", c.a, c.b, c.sample, c.k, err, c.want)
		}
	}
}
