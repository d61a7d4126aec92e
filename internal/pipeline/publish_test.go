package pipeline_test

import (
	"slices"
	"testing"
	"time"

	"valse/engine/rule"
	"valse/internal/pipeline"
	"valse/internal/rulebook"
	"valse/store"
)

func TestStoredListsFollowTheRulesInForceWhenTheyAreMade(t *testing.T) {
	w := newWorld(t, pipeline.Options{})
	w.taste(t, 20, 10)
	listed := func() (own, anyone []string) {
		t.Helper()
		run := w.run(t, store.RunTrain, pipeline.TrainInput{Settings: small(), Publish: true})
		if run.State != store.Succeeded {
			t.Fatalf("training ended %s: %s", run.State, run.Error)
		}
		published, err := w.store.Published(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ids := func(userID string) (ids []string) {
			l, err := w.store.List(t.Context(), published.ModelID, userID)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range l.Items {
				ids = append(ids, i.ProductID)
			}
			return ids
		}
		return ids("u1"), ids(store.DefaultList)
	}
	own, anyone := listed()
	last := own[len(own)-1]
	hidden := []string{own[0], anyone[0]}
	_, err := rulebook.New(w.store, time.Now).Save(t.Context(), 0, []rule.Rule{
		{ID: "hide", Kind: rule.Hide, Enabled: true, Where: rule.Match{Products: hidden}},
		{ID: "later", Kind: rule.Hide, Where: rule.Match{Products: []string{own[1]}}},
		{ID: "pin", Kind: rule.Pin, Enabled: true, Position: 1, Where: rule.Match{Products: []string{last}}},
	}, "test", "")
	if err != nil {
		t.Fatal(err)
	}
	afterOwn, afterAnyone := listed()
	for whose, list := range map[string][]string{"u1": afterOwn, "nobody": afterAnyone} {
		for _, id := range hidden {
			if slices.Contains(list, id) {
				t.Errorf("the stored list of %s holds %s, which a rule hides", whose, id)
			}
		}
	}
	if len(afterOwn) == 0 || afterOwn[0] != own[1] {
		t.Errorf("list = %v, want %s first: the rule against it is switched off, and pins find their place when lists are read", afterOwn, own[1])
	}
}
