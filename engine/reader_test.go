package engine

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"valse/store"
)

func TestEventsOfOnePairCountByWhatCameLast(t *testing.T) {
	weights := Weights{store.View: 1, store.Purchase: 5, store.Rating: 4}
	at := func(kind store.EventType, value float32) occurrence { return occurrence{Type: kind, Value: value} }
	for _, c := range []struct {
		name     string
		settings Settings
		pair     []occurrence
		want     []float32
	}{
		{"each view counts", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.View, 1)}, []float32{1, 1}},
		{"quantity does not count", Settings{Weights: weights}, []occurrence{at(store.Purchase, 40)}, []float32{5}},
		{"a type without weight counts nothing", Settings{Weights: weights}, []occurrence{at(store.Cart, 1)}, []float32{0}},
		{"stars count in proportion", Settings{Weights: weights}, []occurrence{at(store.Rating, 3)}, []float32{2.4}},
		{"the last rating replaces", Settings{Weights: weights}, []occurrence{at(store.Rating, 5), at(store.Rating, 4)}, []float32{0, 3.2}},
		{"no stars take the rating back", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.Rating, 5), at(store.Rating, 0)}, []float32{1, 0, 0}},
		{"poor stars take all back", Settings{Weights: weights}, []occurrence{at(store.Purchase, 1), at(store.Rating, 1)}, []float32{0, 0}},
		{"a dislike takes all back", Settings{Weights: weights}, []occurrence{at(store.Purchase, 1), at(store.Dislike, 1), at(store.View, 1)}, []float32{0, 0, 1}},
		{"a hide takes all back", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.Hide, 1)}, []float32{0, 0}},
		{"a hide taken back takes nothing back", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.Hide, 1), at(store.View, 1), at(store.Hide, 1), at(store.Hide, 0)}, []float32{1, 0, 1, 0, 0}},
		{"a hide after one taken back counts", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.Hide, 1), at(store.Hide, 0), at(store.Hide, 1)}, []float32{0, 0, 0, 0}},
		{"a hide taken back leaves a dislike", Settings{Weights: weights}, []occurrence{at(store.View, 1), at(store.Dislike, 1), at(store.Hide, 1), at(store.Hide, 0)}, []float32{0, 0, 0, 0}},
		{"binary takes any stars", Settings{Weights: weights, Binary: true}, []occurrence{at(store.Rating, 1)}, []float32{4}},
		{"explicit reads stars alone", Settings{Feedback: Explicit}, []occurrence{at(store.Purchase, 1), at(store.Rating, 2), at(store.Rating, 1), at(store.Hide, 1)}, []float32{0, 0, 1, 0}},
		{"explicit forgets what was taken back", Settings{Feedback: Explicit}, []occurrence{at(store.Rating, 2), at(store.Rating, 0)}, []float32{0, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReader(c.settings, 0)
			got := make([]float32, len(c.pair))
			r.read(got, c.pair)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("read(%v) differs (-want +got):\n%s", c.pair, diff)
			}
		})
	}
}

func TestConfidenceHalvesWithEachHalfLifeBeforeTheNewest(t *testing.T) {
	const day = 24 * 3600 * 1e6
	r := newReader(Settings{HalfLife: 10}, 100*day)
	for _, c := range []struct {
		day  int64
		want float32
	}{{100, 1}, {90, 0.5}, {70, 0.125}, {130, 1}} {
		if got := r.decay(c.day * day); got != c.want {
			t.Errorf("decay(day %d) = %v, want %v", c.day, got, c.want)
		}
	}
}
