package server

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"valse/internal/trial"
	"valse/store"
)

// emptyShop is a server over a store that has nothing yet, with a worker.
func emptyShop(t *testing.T) *shop {
	t.Helper()
	s := openShopOver(t, openSQLite(t, t.TempDir()))
	ctx, stop := context.WithCancel(context.Background())
	worked := make(chan struct{})
	go func() { defer close(worked); _ = s.pipeline.Work(ctx) }()
	t.Cleanup(func() { stop(); <-worked })
	return s
}

// pair is one thing that somebody did.
type pair struct{ user, product string }

func pairs(users, products []string) (all []pair) {
	for u, user := range users {
		for p, product := range products {
			if len(users) == 1 || len(products) == 1 || (u+p)%3 < 2 {
				all = append(all, pair{user, product})
			}
		}
	}
	return all
}

func numbered(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint(prefix, i)
	}
	return ids
}

// TestDegenerateDataOverTheAPIIsAnsweredOrRefusedInWords sends data that no shop
// has, trains on it and reads every kind of list: over GraphQL all of it.
func TestDegenerateDataOverTheAPIIsAnsweredOrRefusedInWords(t *testing.T) {
	odd := []string{"ünïcode ✓", `a,b;"c"`, "tab\tand\x01control\r\n", strings.Repeat("x", 256), "=1+1", "../up", " ", "\u202e"}
	for name, events := range map[string][]pair{
		"nobody":            nil,
		"one event":         {{"u", "p"}},
		"one user":          pairs([]string{"u"}, numbered("p", 20)),
		"one product":       pairs(numbered("u", 20), []string{"p"}),
		"equal ratings":     pairs(numbered("u", 9), numbered("p", 9)),
		"ids of every kind": pairs(odd, odd),
		"one user does it all": append(slices.Repeat([]pair{{"u", "p"}}, trial.Rounds(2_000, 1_000_000)),
			pairs(numbered("v", 5), numbered("p", 5))...),
	} {
		for _, feedback := range []string{"IMPLICIT", "EXPLICIT"} {
			t.Run(name+"/"+feedback, func(t *testing.T) {
				s := emptyShop(t)
				key, admin := s.key(t), s.adminBrowser(t)
				users, products := known(events)
				for _, id := range products {
					key.must(`mutation($p: [ProductInput!]!) { putProducts(products: $p) { userErrors { message } } }`, vars{"p": []vars{{"productId": id, "title": id}}})
				}
				kind, value := "PURCHASE", 1.0
				if feedback == "EXPLICIT" {
					kind, value = "RATING", 3.0
				}
				sent := 0
				for batch := range slices.Chunk(events, 250) {
					var input []vars
					for _, e := range batch {
						sent++
						input = append(input, vars{"eventId": fmt.Sprint(sent), "userId": e.user, "productId": e.product, "type": kind, "value": value})
					}
					data := key.must(record, vars{"events": input})
					for n, e := range batch {
						if got := at[string](t, data, "recordInteractions", "results", n, "outcome"); got != "CREATED" {
							t.Fatalf("%q is answered %v", e, got)
						}
					}
				}
				train(t, s, admin, feedback)
				for _, user := range append(users, "a stranger") {
					readsFinite(t, key, user, append(products, "nothing"))
				}
				readsFinite(t, s.browser(t), "", products)
			})
		}
	}
}

// known lists who and what occurs in events.
func known(events []pair) (users, products []string) {
	seen := map[string]bool{}
	for _, e := range events {
		if !seen["user "+e.user] {
			users = append(users, e.user)
		}
		if !seen["product "+e.product] {
			products = append(products, e.product)
		}
		seen["user "+e.user], seen["product "+e.product] = true, true
	}
	return users, products
}

// train trains over the API and wants a model or a clear refusal.
func train(t *testing.T, s *shop, admin *client, feedback string) {
	t.Helper()
	data := admin.must(`mutation($i: TrainingInput!) { startTraining(input: $i) { run { id } userErrors { message } } }`,
		vars{"i": vars{"feedback": feedback, "rank": 4, "iterations": 3, "publish": true}})
	id := at[string](t, data, "startTraining", "run", "id")
	var run map[string]any
	eventually(t, "the training has ended", func() bool {
		run = at[map[string]any](t, admin.must(`query($id: ID!) { node(id: $id) { ... on Run { state error } } }`, vars{"id": id}), "node")
		return run["state"] == "SUCCEEDED" || run["state"] == "FAILED"
	})
	if message, _ := run["error"].(string); run["state"] == "FAILED" && (len(message) < 10 || strings.Contains(message, "fault")) {
		t.Errorf("the training failed with %q, want a clear refusal", message)
	}
	models := admin.must(`{ models { modelId interactions } }`, nil)
	if n := len(at[[]any](t, models, "models")); n > 0 != (run["state"] == "SUCCEEDED") {
		t.Errorf("%d models after a training that %v", n, run["state"])
	}
	if len(at[[]any](t, models, "models")) > 0 && s.server.Live.Status().ModelID == "" {
		// It measured worse than best-sellers and was not published: read it all the same.
		admin.must(`mutation($id: ID!) { publishModel(id: $id) { userErrors { message } } }`, vars{"id": at[string](t, models, "models", 0, "modelId")})
		eventually(t, "the model serves", func() bool { return s.server.Live.Status().ModelID != "" })
	}
}

// readsFinite reads what pages read of a user. JSON has no way to write NaN, so
// that an answer which can be decoded is finite; decoding is part of asking.
func readsFinite(t *testing.T, c *client, user string, products []string) {
	t.Helper()
	who := any(user)
	if user == "" {
		who = nil // the viewer
	}
	const why = `recommendationId source items { rank score uncertainty product { productId } explanation { score base contributions { value share } others othersShare } }`
	ask := func(document string, v vars) map[string]any {
		t.Helper()
		a := c.ask(document, v)
		if code := a.code(); code != "" && code != "NOT_FOUND" {
			t.Errorf("%.50s for %q is answered %+v", document, user, a.Errors)
		}
		return a.Data
	}
	data := ask(`query($u: ID) { recommendations(userId: $u, first: 10, options: {includeSeen: true}) { `+why+` } }`, vars{"u": who})
	if items := at[[]any](t, data, "recommendations", "items"); len(items) == 0 && len(products) > 1 {
		t.Errorf("%q is recommended nothing of %d products", user, len(products))
	}
	ask(`query($u: ID) { recommendations(userId: $u, first: 10) { `+why+` } bestSellers(first: 5) { items { score } } shelves { list { items { rank score } } } }`, vars{"u": who})
	for _, id := range products {
		ask(`query($p: ID!) { product(id: $p) { title similar(first: 3) { items { score } } together(first: 3) { items { score } } } }`, vars{"p": id})
		ask(`query($p: ID!, $u: ID) { explanation(productId: $p, userId: $u) { score base others contributions { value share } } }`, vars{"p": id, "u": who})
	}
}

// TestNumbersThatAreNoneAreRefusedOverTheAPI sends values and ids that cannot be.
func TestNumbersThatAreNoneAreRefusedOverTheAPI(t *testing.T) {
	s := openShop(t)
	key := s.key(t)
	for _, e := range []vars{
		{"type": "RATING", "value": -1}, {"type": "RATING", "value": 5.5}, {"type": "PURCHASE", "value": -3}, {"type": "PURCHASE", "value": 1e300},
		{"type": "VIEW", "productId": ""}, {"type": "VIEW", "userId": ""}, {"type": "VIEW", "userId": "nul\x00"}, {"type": "VIEW", "productId": strings.Repeat("x", 257)},
	} {
		event := vars{"eventId": "e", "userId": "u", "productId": "p01"}
		for field, value := range e {
			event[field] = value
		}
		a := key.ask(record, vars{"events": []vars{event}})
		if a.code() != "INVALID" && (a.code() != "" || len(at[[]any](t, a.Data, "recordInteractions", "userErrors")) == 0) {
			t.Errorf("%v is answered %+v, want a refusal", e, a)
		}
	}
	for _, value := range []string{"NaN", "Infinity", "-Infinity", "1e999", `"NaN"`} {
		for _, body := range []string{
			`{"query":"mutation{recordInteractions(interactions:[{userId:\"u\",productId:\"p01\",type:PURCHASE,value:` + strings.ReplaceAll(value, `"`, `\"`) + `}]){results{outcome}}}"}`,
			`{"query":"mutation($v: Float!){recordInteractions(interactions:[{userId:\"u\",productId:\"p01\",type:PURCHASE,value:$v}]){results{outcome} userErrors{message}}}","variables":{"v":` + value + `}}`,
		} {
			response := key.do(http.MethodPost, "/graphql", "application/json", strings.NewReader(body))
			text, err := io.ReadAll(response.Body)
			if err != nil || strings.Contains(string(text), "CREATED") || strings.Contains(string(text), "INTERNAL") || !strings.Contains(string(text), "rror") {
				t.Errorf("the value %s is answered %d %s", value, response.StatusCode, text)
			}
		}
	}
	page, err := s.store.History(t.Context(), "u", store.HistoryQuery{})
	if err != nil || len(page.Interactions) != 0 {
		t.Errorf("%v was stored, %v", page.Interactions, err)
	}
}
