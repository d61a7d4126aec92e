package engine

import (
	"fmt"
	"slices"
	"testing"

	"valse/store"
)

// basket is one order.
func basket(user, name string, hours float64, kind store.EventType, products ...string) []store.Interaction {
	var all []store.Interaction
	for _, p := range products {
		i := event(user, p, kind, 1, hours)
		i.Basket = name
		all = append(all, i)
	}
	return all
}

func neighboursOf(p *Pairs, id string) []string {
	var all []string
	for _, n := range p.Of(id) {
		all = append(all, n.ProductID)
	}
	return all
}

func TestWhatMeetsInBasketsBelongsTogether(t *testing.T) {
	var events []store.Interaction
	for i := range 6 {
		user := fmt.Sprint(i)
		events = append(events, basket(user, "1", 0, store.Purchase, "tent", "peg", "milk")...)
		events = append(events, basket(user, "2", 1, store.Purchase, "milk", "bread")...)
		events = append(events, basket(user, "3", 1, store.View, "tent", "sofa")...)
	}
	events = append(events, basket("x", "1", 2, store.Purchase, "tent", "oddity")...)
	p := Together(eventsOf(events...))
	if got, want := neighboursOf(p, "tent"), []string{"peg", "sofa"}; !slices.Equal(got, want) {
		t.Errorf("with a tent go %v, want %v: milk goes with everything, once is chance, and looks count less than orders", got, want)
	}
	if !p.Bought() || len(p.Of("oddity")) != 0 || len(p.Of("unknown")) != 0 {
		t.Errorf("bought %v, oddity %v", p.Bought(), p.Of("oddity"))
	}
}

func TestWithoutBasketsAUsersDayIsOne(t *testing.T) {
	var events []store.Interaction
	for i := range 3 {
		user := fmt.Sprint(i)
		events = append(events,
			event(user, "a", store.View, 1, 1), event(user, "b", store.View, 1, 2), event(user, "b", store.View, 1, 3),
			event(user, "c", store.View, 1, 49), event(user, "a", store.Impression, 1, 49))
	}
	p := Together(eventsOf(events...))
	if got := neighboursOf(p, "a"); !slices.Equal(got, []string{"b"}) || p.Bought() {
		t.Errorf("with a goes %v, bought %v", got, p.Bought())
	}
	if got := Together(&Events{}); got.Len() != 0 {
		t.Errorf("pairs of nothing = %d", got.Len())
	}
}

func TestAWholesalersBasketSaysNothing(t *testing.T) {
	var products []string
	for p := range maxBasket + 1 {
		products = append(products, fmt.Sprint(p))
	}
	events := slices.Concat(basket("a", "1", 0, store.Purchase, products...), basket("a", "2", 0, store.Purchase, products...))
	if p := Together(eventsOf(events...)); p.Len() != 0 {
		t.Errorf("%d products have neighbours", p.Len())
	}
}
