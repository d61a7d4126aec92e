package server

import (
	"slices"
	"testing"
)

func TestATrainingThatIsAskedForRunsAndRatingsThenChangeLists(t *testing.T) {
	s := openShop(t)
	s.publishModel(t)
	runs := at[[]any](t, s.adminBrowser(t).must(`{ runs(kind: TRAIN) { state error } }`, nil), "runs")
	if run := runs[0].(map[string]any); len(runs) != 1 || run["state"] != "SUCCEEDED" {
		t.Fatalf("runs = %v, want the one that was asked for, succeeded", runs)
	}
	c := s.persona(t)
	var lists [][]string
	for _, rated := range []string{"p00", "p01"} {
		c.must(record, vars{"events": []vars{{"productId": rated, "type": "RATING", "value": 5}}})
		list := at[map[string]any](t, c.must(`{ recommendations(first: 5) { source items { product { productId } } } }`, nil), "recommendations")
		var ids []string
		for n := range list["items"].([]any) {
			ids = append(ids, at[string](t, list["items"].([]any), n, "product", "productId"))
		}
		if lists = append(lists, ids); list["source"] != "LIVE" || len(ids) != 5 || slices.Contains(ids, rated) {
			t.Errorf("after rating %s the list is %v from %v, want 5 others from the live model", rated, ids, list["source"])
		}
	}
	if slices.Equal(lists[0], lists[1]) {
		t.Errorf("the list %v is the same after a second rating of another kind", lists[0])
	}
}
