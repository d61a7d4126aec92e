package server

import (
	"fmt"
	"testing"
)

func TestQuestionsGoOnUntilNothingIsLeftToAsk(t *testing.T) {
	s := openShop(t)
	s.publishModel(t)
	c := s.browser(t)
	const ask = `query($skip: [ID!]) { question(skip: $skip) { product { id productId } answer knowledge } }`
	asked := map[string]bool{}
	var skip []string
	var known float64
	for n := range 29 {
		q := at[map[string]any](t, c.must(ask, vars{"skip": skip}), "question")
		product := at[string](t, q, "product", "productId")
		if asked[product] || q["answer"] != "LIKE" {
			t.Fatalf("question %d is %v after %v", n, q, asked)
		}
		asked[product] = true
		if n%4 == 3 {
			skip = append(skip, at[string](t, q, "product", "id"))
			continue
		}
		c.must(record, vars{"events": []vars{{"eventId": fmt.Sprint(n), "productId": product, "type": "LIKE"}}})
		if n == 8 {
			known = q["knowledge"].(float64)
		}
	}
	q := at[map[string]any](t, c.must(ask, vars{"skip": skip}), "question")
	if q["product"] != nil {
		t.Errorf("after every product was asked about the question is %v", q)
	}
	if known <= 0 || known > 1 {
		t.Errorf("after seven answers %v is known of the taste, want a part of 1", known)
	}
}

func TestWithoutAModelBestSellersAreAskedAbout(t *testing.T) {
	c := openShop(t).browser(t)
	q := at[map[string]any](t, c.must(`{ question { product { productId } knowledge } }`, nil), "question")
	if q["product"] == nil || q["knowledge"] != 0.0 {
		t.Errorf("question = %v, want a product, and nothing known", q)
	}
	if code := c.ask(`{ question(userId: "bob") { knowledge } }`, nil).code(); code != "FORBIDDEN" {
		t.Errorf("a visitor asks for Bob's question and is answered %q, want FORBIDDEN", code)
	}
}
