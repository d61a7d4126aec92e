package live

import (
	"fmt"
	"testing"
	"time"

	"valse/engine"
	"valse/store"
)

func TestAProductPutAfterTheTrainingIsListedForThoseWhoLikeItsKind(t *testing.T) {
	s := open(t, 40, Options{Settle: time.Millisecond, CountsEvery: 20 * time.Millisecond}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	lists := subscribe(s, "u1", Request{N: 8})
	if next(t, lists); s.Status().Added != 0 {
		t.Errorf("%d products were added to the model before any came", s.Status().Added)
	}
	put := func(id, category string) {
		p := store.Product{ID: id, Title: "Fresh thing", Category: category, Price: -1}
		if _, _, err := s.st.PutProducts(t.Context(), []store.Product{p}); err != nil {
			t.Fatal(err)
		}
	}
	put("odd", "Odd > All")
	put("even", "Even > All")
	l := until(t, lists, func(l List) bool { return has(l, "odd") })
	if has(l, "even") && l.Items[0].ProductID == "even" {
		t.Errorf("the list of someone who likes odd products begins with an even one: %+v", l.Items)
	}
	for _, item := range l.Items {
		if isNew := item.ProductID == "odd" || item.ProductID == "even"; isNew != (item.Source == engine.SourceNewcomer) {
			t.Errorf("%s has the source %s", item.ProductID, item.Source)
		}
	}
	if e, err := s.Explain(t.Context(), "u1", "odd"); err != nil || len(e.Contributions) == 0 {
		t.Errorf("Explain = %+v, %v; want reasons for the new product", e, err)
	}
	before := score(l, "odd")
	for u := range 20 { // all of them like even products
		s.append(s.do(fmt.Sprintf("u%d", 2*u%30), "odd", store.Purchase, 1))
	}
	eventually(t, "the new product's own buyers to count", func() bool {
		l := s.recommend("u1", Request{N: 30})
		return score(l, "odd") < before
	})
	s.publish("m2")
	eventually(t, "the model that knows one of them", func() bool { return s.Status().ModelID == "m2" && s.Status().Added == 1 })
}

func score(l List, productID string) float32 {
	for _, item := range l.Items {
		if item.ProductID == productID {
			return item.Score
		}
	}
	return -1
}
