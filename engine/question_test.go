package engine

import (
	"slices"
	"testing"

	"valse/store"
)

func TestAQuestionIsAboutWhatTheAnswersHaveNotTold(t *testing.T) {
	r := open(t, small, shop(40), checkerboard(60, 40))
	first := r.NextQuestion(Request{})
	if first.ProductID == "" || first.Knowledge != 0 {
		t.Errorf("first question = %+v, want a product, and nothing known", first)
	}
	history := []store.Interaction{event("new", first.ProductID, store.Like, 1, 0)}
	second := r.NextQuestion(Request{History: history})
	one, _ := r.Catalogue().Product(first.ProductID)
	other, _ := r.Catalogue().Product(second.ProductID)
	if one.Department() == other.Department() {
		t.Errorf("after an answer about %s the next question is about %s of the same department", one.ID, other.ID)
	}
	if second.Knowledge <= first.Knowledge || second.Knowledge > 1 {
		t.Errorf("after an answer %v is known of the taste, before %v", second.Knowledge, first.Knowledge)
	}
	if second.Answer != store.Like {
		t.Errorf("a model of implicit feedback is answered by %s, want LIKE", second.Answer)
	}
}

func TestNobodyIsAskedTwice(t *testing.T) {
	for name, r := range map[string]*Recommender{
		"a model":   open(t, small, shop(40), checkerboard(60, 40)),
		"first day": firstDay(shop(40), checkerboard(60, 40)),
	} {
		t.Run(name, func(t *testing.T) {
			types := []store.EventType{store.Like, store.Dislike, store.Rating, store.Hide}
			var history []store.Interaction
			var asked, skipped []string
			for n := range 40 {
				q := r.NextQuestion(Request{History: history, Filter: Filter{Exclude: skipped}})
				if q.ProductID == "" || slices.Contains(asked, q.ProductID) {
					t.Fatalf("question %d is %+v after %v", n, q, asked)
				}
				asked = append(asked, q.ProductID)
				if n%5 == 4 {
					skipped = append(skipped, q.ProductID)
				} else {
					history = append(history, event("new", q.ProductID, types[n%5], 5, float64(n)))
				}
			}
			if q := r.NextQuestion(Request{History: history, Filter: Filter{Exclude: skipped}}); q.ProductID != "" {
				t.Errorf("with all products asked about the question is %+v", q)
			}
		})
	}
}

func TestAModelOfStarsIsAnsweredByStars(t *testing.T) {
	s := Settings{Feedback: Explicit, Rank: 4, Iterations: 4, Seed: 1}
	var events []store.Interaction
	for i, e := range checkerboard(60, 40) {
		e.Type, e.Value = store.Rating, float64(1+i%5)
		events = append(events, e)
	}
	if q := open(t, s, shop(40), events).NextQuestion(Request{}); q.Answer != store.Rating {
		t.Errorf("question = %+v, want one to be answered by RATING", q)
	}
}
