package server

import "testing"

func TestWhatListsLeadToIsCountedOnceByShelfAndModel(t *testing.T) {
	s := openShop(t)
	c, studio := s.persona(t), s.adminBrowser(t)
	list := at[map[string]any](t, c.must(`{ recommendations(first: 4) { recommendationId items { product { productId } } } }`, nil), "recommendations")
	id := list["recommendationId"]
	product := func(n int) string { return at[string](t, list, "items", n, "product", "productId") }
	similar := at[string](t, c.must(`{ similar(productId: "p05") { recommendationId } }`, nil), "similar", "recommendationId")
	events := []vars{
		{"eventId": "1", "productId": product(0), "type": "IMPRESSION", "recommendationId": id},
		{"eventId": "2", "productId": product(1), "type": "IMPRESSION", "recommendationId": id},
		{"eventId": "3", "productId": product(2), "type": "IMPRESSION", "recommendationId": id},
		{"eventId": "4", "productId": product(0), "type": "CLICK", "recommendationId": id},
		{"eventId": "5", "productId": product(0), "type": "CART"},
		{"eventId": "6", "productId": product(0), "type": "PURCHASE"},
		{"eventId": "7", "productId": product(3), "type": "PURCHASE"},
		{"eventId": "8", "productId": "p07", "type": "IMPRESSION", "recommendationId": similar},
		{"eventId": "9", "productId": "p07", "type": "CLICK", "recommendationId": "0197c0de-0000-7000-8000-000000000000"},
	}
	c.must(record, vars{"events": events})
	c.must(record, vars{"events": events}) // counts once

	const document = `query($by: ResultsBy!) { results(by: $by) { from to events purchases
		total { funnel { impressions clicks carts purchases clickRate { value low high } } days { day } }
		groups { shelf modelId funnel { impressions clicks carts purchases clickRate { value } } } } }`
	results := at[map[string]any](t, studio.must(document, vars{"by": "SHELF"}), "results")
	total := at[map[string]any](t, results, "total", "funnel")
	for field, want := range map[string]float64{"impressions": 4, "clicks": 1, "carts": 1, "purchases": 1} {
		if total[field] != want {
			t.Errorf("total %s = %v, want %v", field, total[field], want)
		}
	}
	if results["events"] != 9.0 || results["purchases"] != 2.0 {
		t.Errorf("events and purchases = %v and %v, want 9 and 2", results["events"], results["purchases"])
	}
	if rate := at[map[string]any](t, total, "clickRate"); rate["value"] != 0.25 || rate["low"].(float64) >= 0.25 || rate["high"].(float64) <= 0.25 {
		t.Errorf("click rate = %v, want 0.25 within its interval", rate)
	}
	if days := at[[]any](t, results, "total", "days"); len(days) != 28 || at[string](t, days[27], "day") != results["to"] {
		t.Errorf("%d days up to %v, want 28 up to %v", len(days), days[len(days)-1], results["to"])
	}
	groups := at[[]any](t, results, "groups")
	if len(groups) != 2 || at[string](t, groups[0], "shelf") != "FOR_YOU" || at[string](t, groups[1], "shelf") != "SIMILAR" {
		t.Errorf("groups = %v, want FOR_YOU and SIMILAR", groups)
	}
	byModel := at[[]any](t, studio.must(document, vars{"by": "MODEL"}), "results", "groups")
	if len(byModel) != 1 || at[string](t, byModel[0], "modelId") != "" {
		t.Errorf("by model = %v, want one group of no model", byModel)
	}
	if got := at[[]any](t, studio.must(document, vars{"by": "ARM"}), "results", "groups"); len(got) != 0 {
		t.Errorf("by arm = %v, want none without an experiment", got)
	}
}

func TestResultsAreForAdminsAndBounded(t *testing.T) {
	s := openShop(t)
	if got := s.persona(t).ask(`{ results { from } }`, nil); got.code() != "FORBIDDEN" {
		t.Errorf("a consumer got %v, want FORBIDDEN", got)
	}
	studio := s.adminBrowser(t)
	for _, document := range []string{
		`{ results(from: "2020-01-01", to: "2026-01-01") { from } }`, `{ results(from: "2026-01-02", to: "2026-01-01") { from } }`,
		`{ results(from: "yesterday") { from } }`,
	} {
		if got := studio.ask(document, nil); got.code() != "INVALID" {
			t.Errorf("%s = %v, want INVALID", document, got)
		}
	}
}
