package server

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"
)

// publishModel records purchases of fifteen users, each of one kind of
// products, trains on them and publishes the model.
func (s *shop) publishModel(t testing.TB) {
	t.Helper()
	key := s.key(t)
	for user := range 15 {
		var events []vars
		for product := user % 3; product < 29; product += 3 {
			if (product+user)%4 != 0 {
				events = append(events, vars{
					"eventId": fmt.Sprint(product), "userId": fmt.Sprintf("u%02d", user),
					"productId": fmt.Sprintf("p%02d", product), "type": "PURCHASE",
				})
			}
		}
		key.must(record, vars{"events": events})
	}
	s.train(t, 4)
}

// train trains a model of a rank and waits until it serves and its run has ended.
func (s *shop) train(t testing.TB, rank int) {
	t.Helper()
	before := s.server.Live.Status().ModelID
	admin := s.adminBrowser(t)
	admin.must(`mutation($rank: Int!) { startTraining(input: {rank: $rank, evaluate: false, publish: true}) { userErrors { message } } }`, vars{"rank": rank})
	ctx, stop := context.WithCancel(t.Context())
	var worker sync.WaitGroup
	worker.Go(func() { _ = s.pipeline.Work(ctx) })
	eventually(t, "a model is published", func() bool { return s.server.Live.Status().ModelID != before })
	eventually(t, "its run has ended", func() bool {
		run := at[map[string]any](t, admin.must(`{ runs(kind: TRAIN, first: 1) { endedAt } }`, nil), "runs", 0)
		return run["endedAt"] != nil
	})
	stop()
	worker.Wait()
}

func TestTheReasonsOfAnyProductAddUpToItsScore(t *testing.T) {
	s := openShop(t)
	s.publishModel(t)
	const document = `query($product: ID!, $without: [String!]) { explanation(productId: $product, without: $without) {
		score base others othersShare contributions { value share interaction { eventId } } } }`
	c := s.persona(t)
	var events []vars
	for i := range 14 {
		events = append(events, vars{"eventId": fmt.Sprint(i), "productId": fmt.Sprintf("p%02d", 2*i), "type": "PURCHASE"})
	}
	c.must(record, vars{"events": events})
	for _, product := range []string{"p01", "p02", "p28"} { // also what is bought, and so in no list
		e := at[map[string]any](t, c.must(document, vars{"product": product}), "explanation")
		sum := e["base"].(float64) + e["others"].(float64)
		parts := at[[]any](t, e, "contributions")
		for i := range parts {
			sum += at[float64](t, parts, i, "value")
		}
		if score := e["score"].(float64); len(parts) != maxShown || math.Abs(sum-score) > 1e-4*math.Abs(score) {
			t.Errorf("%s: %d parts add up to %v with base and others, want %d and the score %v", product, len(parts), sum, maxShown, score)
		}
	}
	without := c.must(document, vars{"product": "p01", "without": []string{"0", "1", "2", "3", "4", "5", "6"}})
	if n := len(at[[]any](t, without, "explanation", "contributions")); n != 7 {
		t.Errorf("without seven of fourteen events there are %d parts, want 7", n)
	}
}

// maxShown is how many contributions an explanation shows.
const maxShown = 10

func TestReasonsAreNobodyElsesBusiness(t *testing.T) {
	s := openShop(t)
	const document = `{ explanation(productId: "p01", userId: "bob") { score } }`
	if got := s.persona(t).ask(document, nil).code(); got != "FORBIDDEN" {
		t.Errorf("Ann asks for Bob's reasons and is answered %q, want FORBIDDEN", got)
	}
	if data := s.key(t).must(document, nil); data["explanation"] != nil {
		t.Errorf("without a model the reasons are %v, want null", data["explanation"])
	}
}
