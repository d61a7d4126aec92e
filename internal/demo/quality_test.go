package demo

import (
	"testing"

	"valse/engine/als"
	"valse/engine/eval"
	"valse/store"
)

// weights of the event types that say somebody wants something.
var weights = [store.NumEventTypes]float32{store.View: 1, store.Click: 1, store.Cart: 3, store.Purchase: 5, store.Like: 4}

// matrices splits what happened at four fifths of the time. An item a user
// knew before the cut is no discovery and is left out of the test.
func matrices(s *Shop, all []store.Interaction) (train, test *als.Matrix) {
	users, items := map[string]int32{}, map[string]int32{}
	for _, p := range s.Products() {
		items[p.ID] = int32(len(items))
	}
	for u := range s.Users() {
		users[u.ID] = int32(len(users))
	}
	var rows, cols [2][]int32
	var values [2][]float32
	known := map[[2]int32]bool{}
	cut := s.start.Unix() + (s.end.Unix()-s.start.Unix())*4/5
	for _, i := range all {
		w := weights[i.Type]
		if w == 0 {
			continue
		}
		u, p, part := users[i.UserID], items[i.ProductID], 0
		if i.Time.Unix() >= cut {
			part = 1
			if known[[2]int32{u, p}] {
				continue
			}
		} else {
			known[[2]int32{u, p}] = true
		}
		rows[part], cols[part], values[part] = append(rows[part], u), append(cols[part], p), append(values[part], w)
	}
	return als.NewMatrix(len(users), len(items), rows[0], cols[0], values[0]),
		als.NewMatrix(len(users), len(items), rows[1], cols[1], values[1])
}

func TestALSClearlyBeatsPopularity(t *testing.T) {
	s, all := small()
	train, test := matrices(s, all)
	model, err := als.Train(t.Context(), train, als.Settings{Rank: 32, Iterations: 6, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	recall := func(r eval.Recommender) float64 { return eval.Rank(r, train, test, []int{20}, 0).At[0].Recall }
	full, popular := recall(eval.NewModel(model.Users, model.Items)), recall(eval.NewPopularity(train))
	t.Logf("Recall@20: ALS %.4f, most popular %.4f: %.2f times", full, popular, full/popular)
	if full < 2.5*popular {
		t.Errorf("Recall@20 of ALS = %.4f, of most popular %.4f, want 2.5 times as much", full, popular)
	}
}
