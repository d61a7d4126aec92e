package server

import (
	"testing"

	"valse/store"
)

func TestWhatAVisitorDidIsTheirsAfterSigningInAndCountsOnce(t *testing.T) {
	s := openShop(t, func(c *Config) { c.Demo = true })
	c := s.browser(t)
	views := func() (n int64) {
		err := s.store.Counts(t.Context(), 0, func(count store.Count) error {
			if count.ProductID == "p03" && count.Type == store.View {
				n += count.N
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := views()
	c.must(record, vars{"events": []vars{
		{"eventId": "one", "productId": "p03", "type": "VIEW"}, {"eventId": "two", "productId": "p04", "type": "RATING", "value": 4},
	}})
	visitor := at[string](t, c.must(whoAmI, nil), "viewer", "user", "userId")
	c.must(`mutation { signIn(userId: "ann") { viewer { user { userId } } userErrors { message } } }`, nil)
	page, err := s.store.History(t.Context(), "ann", store.HistoryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, i := range page.Interactions {
		if i.EventID == "one" || i.EventID == "two" {
			found++
		}
	}
	if found != 2 {
		t.Errorf("the account has %d of the visitor's two events: %+v", found, page.Interactions)
	}
	if got := views(); got != before+1 {
		t.Errorf("one view counts %d times", got-before)
	}
	if page, err = s.store.History(t.Context(), visitor, store.HistoryQuery{}); err != nil || len(page.Interactions) != 0 {
		t.Errorf("the visitor's history is %+v, %v", page.Interactions, err)
	}
	c.must(`mutation { signIn(userId: "bob") { viewer { user { userId } } userErrors { message } } }`, nil)
	if page, err = s.store.History(t.Context(), "ann", store.HistoryQuery{}); err != nil || len(page.Interactions) < 2 {
		t.Errorf("signing in as someone else took ann's history: %+v, %v", page.Interactions, err)
	}
}

func TestServersMergeUsersOfTheirOwn(t *testing.T) {
	s := openShop(t)
	key := s.key(t)
	key.must(record, vars{"events": []vars{{"eventId": "1", "userId": "guest-7", "productId": "p03", "type": "VIEW"}}})
	const merge = `mutation($from: ID!, $into: ID!) { mergeUsers(from: $from, into: $into) { moved userErrors { code message } } }`
	for _, moved := range []float64{1, 0} {
		data := key.must(merge, vars{"from": "guest-7", "into": "carl"})
		if got := at[float64](t, data, "mergeUsers", "moved"); got != moved {
			t.Errorf("mergeUsers moved %v events, want %v", got, moved)
		}
	}
	data := key.must(merge, vars{"from": "carl", "into": "carl"})
	if got := at[[]any](t, data, "mergeUsers", "userErrors"); len(got) != 1 {
		t.Errorf("merging someone with themselves answers %v", got)
	}
	if got := s.browser(t).ask(merge, vars{"from": "ann", "into": "bob"}).code(); got != "FORBIDDEN" {
		t.Errorf("a consumer who merges others is answered %s, want FORBIDDEN", got)
	}
}
