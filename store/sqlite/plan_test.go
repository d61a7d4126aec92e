package sqlite

import (
	"regexp"
	"strings"
	"testing"

	"valse/store"
)

// fullScan is a step that reads a table in no index's order, from end to end.
var fullScan = regexp.MustCompile(`(?m)^SCAN (i|u|p|l|c|interactions|users|items|lists|day_counts|products|runs)$`)

func TestNoReadScansATable(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	ctx := t.Context()
	check := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(s.History(ctx, "u", store.HistoryQuery{Limit: 10}))
	check(s.History(ctx, "u", store.HistoryQuery{Types: []store.EventType{store.View, store.Cart}}))
	check(s.Ratings(ctx, "u", nil))
	check(s.Ratings(ctx, "u", []string{"p"}))
	check(s.ReadLog(ctx, 0, 5, 10))
	check(nil, s.Counts(ctx, 5, func(store.Count) error { return nil }))
	check(s.UsersByID(ctx, []string{"u"}))
	check(s.ProductsByID(ctx, []string{"p"}))
	check(nil, s.CreateRun(ctx, store.Run{ID: "r", Kind: store.RunTrain}))
	check(s.RunList(ctx, "", "", 10))
	check(s.RunList(ctx, store.RunTrain, "r", 10))
	check(s.Erased(ctx, 5))
	check(s.Users(ctx, store.UserQuery{}))
	check(s.Users(ctx, store.UserQuery{Search: "a"}))
	check(s.Users(ctx, store.UserQuery{Personas: true}))
	for order := range store.ByMatch + 1 {
		check(s.Products(ctx, store.ProductQuery{Order: order}))
		check(s.Products(ctx, store.ProductQuery{Order: order, Category: "c", IncludeHidden: true}))
		check(s.Products(ctx, store.ProductQuery{Order: order, Vendor: "v", Search: "a b"}))
	}
	s.List(ctx, "m", "u")
	for query := range s.read.by {
		if found := fullScan.FindString(planOf(t, s, query)); found != "" {
			t.Errorf("%s: %s", query, found)
		}
	}
}

// A history of a million is read as quickly as one of ten when its rows come in
// order from the index, so that nothing has to be sorted.
func TestHistoriesLogAndRatingsComeInOrder(t *testing.T) {
	s := openTest(t, t.TempDir(), "main")
	for _, types := range [][]store.EventType{{store.Rating}, {store.View, store.Purchase}, store.EventTypes()} {
		if plan := planOf(t, s, historyQuery(types)); strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("the history of %v is sorted:\n%s", types, plan)
		}
	}
	if _, err := s.Ratings(t.Context(), "u", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.ReadLog(t.Context(), 0, 0, 1); err != nil {
		t.Fatal(err)
	}
	for query := range s.read.by {
		if plan := planOf(t, s, query); strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s is sorted:\n%s", query, plan)
		}
	}
}

// planOf is how SQLite means to answer a query, one step a line.
func planOf(t *testing.T, s *Store, query string) string {
	t.Helper()
	rows, err := s.reader.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	return strings.Join(steps, "\n")
}
