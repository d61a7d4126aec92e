package live

import (
	"cmp"
	"slices"

	"valse/store"
)

// verbs say what an interaction was, in "because you …".
var verbs = map[store.EventType]string{
	store.View: "viewed", store.Click: "viewed", store.Cart: "chose",
	store.Purchase: "bought", store.Rating: "rated", store.Like: "liked",
}

// likedStars is how many stars make a rating a liking.
const likedStars = 4

// subjects returns at most two interactions that rows may be about: the newest
// that shows liking, and the newest look at another product.
func subjects(history []store.Interaction) []store.Interaction {
	strong := func(i store.Interaction) bool {
		return i.Type == store.Purchase || i.Type == store.Like || i.Type == store.Rating && i.Value >= likedStars
	}
	var found []store.Interaction
	if at := slices.IndexFunc(history, strong); at >= 0 {
		found = append(found, history[at])
	}
	look := func(i store.Interaction) bool {
		weak := i.Type == store.View || i.Type == store.Click || i.Type == store.Cart
		return weak && (len(found) == 0 || i.ProductID != found[0].ProductID)
	}
	if at := slices.IndexFunc(history, look); at >= 0 {
		found = append(found, history[at])
	}
	return found
}

// viewed returns the products looked at, each once, the newest first.
func viewed(history []store.Interaction) []string {
	return products(history, func(i store.Interaction) bool {
		return i.Type == store.View || i.Type == store.Click
	})
}

// boughtOften returns the products bought, those bought most often first, of
// equals the one bought last.
func boughtOften(history []store.Interaction) []string {
	bought := func(i store.Interaction) bool { return i.Type == store.Purchase }
	times := map[string]int{}
	for _, i := range history {
		if bought(i) {
			times[i.ProductID]++
		}
	}
	ids := products(history, bought)
	slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(times[b], times[a]) })
	return ids
}

// maxCart bounds how many products of a cart get a row.
const maxCart = 3

// cart returns the product asked about, else what was put into the cart and not
// bought since, the newest first.
func cart(history []store.Interaction, productID string) []string {
	if productID != "" {
		return []string{productID}
	}
	bought := map[string]bool{}
	ids := products(history, func(i store.Interaction) bool {
		bought[i.ProductID] = bought[i.ProductID] || i.Type == store.Purchase
		return i.Type == store.Cart && !bought[i.ProductID]
	})
	return ids[:min(len(ids), maxCart)]
}

// products returns the products of the interactions that count, each once, in
// order of the history.
func products(history []store.Interaction, counts func(store.Interaction) bool) []string {
	known := map[string]bool{}
	var ids []string
	for _, i := range history {
		if counts(i) && !known[i.ProductID] {
			known[i.ProductID] = true
			ids = append(ids, i.ProductID)
		}
	}
	return ids
}
