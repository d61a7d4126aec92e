package storetest

import (
	"fmt"

	"valse/store"
)

var ratingChecks = []check{
	{"of several ratings the latest by time wins", ratingLatest},
	{"of ratings at the same time the later append wins", ratingTies},
	{"no stars take a rating back until it is given again", ratingTakenBack},
	{"ratings of asked products only, none for an empty question", ratingAsked},
	{"all ratings come newest first", ratingAll},
	{"other events are not ratings", ratingOnly},
}

func (u *subject) ratings(user string, products []string) []store.UserRating {
	u.t.Helper()
	got, err := u.s.Ratings(u.ctx, user, products)
	u.ok("Ratings", err)
	return got
}

// stars is all of a user's ratings by product.
func (u *subject) stars(user string) map[string]float64 {
	u.t.Helper()
	stars := map[string]float64{}
	for _, r := range u.ratings(user, nil) {
		stars[r.ProductID] = r.Stars
	}
	return stars
}

func ratingLatest(u *subject) {
	u.append(rating("e1", "u", "p", 3, 1))
	u.append(rating("e2", "u", "p", 5, 2))
	same(u, "ratings", u.ratings("u", nil), []store.UserRating{{ProductID: "p", Stars: 5, Time: rating("", "", "", 0, 2).Time}})
	u.append(rating("e3", "u", "p", 1, 0)) // late news of an early rating
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 5})
	u.append(rating("e4", "u", "p", 2, 9), rating("e5", "u", "p", 4, 10), rating("e6", "u", "p", 3, 8))
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 4})
	same(u, "history", len(u.history("u", store.HistoryQuery{}).Interactions), 6)
}

func ratingTies(u *subject) {
	u.append(rating("z", "u", "p", 1, 0), rating("a", "u", "p", 2, 0))
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 2})
	u.append(rating("m", "u", "p", 3, 0))
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 3})
	u.append(rating("z", "u", "p", 1, 0)) // known already
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 3})
}

func ratingTakenBack(u *subject) {
	u.append(rating("e1", "u", "p", 4, 0), rating("e2", "u", "q", 2, 0))
	u.append(rating("e3", "u", "p", 0, 1))
	same(u, "ratings", u.stars("u"), map[string]float64{"q": 2})
	same(u, "rating asked for", u.ratings("u", []string{"p"}), nil)
	u.append(rating("e4", "u", "p", 3, 0.5)) // before it was taken back
	same(u, "ratings", u.stars("u"), map[string]float64{"q": 2})
	u.append(rating("e5", "u", "p", 0.5, 2))
	same(u, "ratings", u.stars("u"), map[string]float64{"p": 0.5, "q": 2})
}

func ratingAsked(u *subject) {
	u.append(rating("e1", "u", "a", 1, 0), rating("e2", "u", "b", 2, 0), rating("e3", "u", "c", 3, 0), rating("e4", "v", "d", 4, 0))
	at := rating("", "", "", 0, 0).Time
	got := sortedBy(u.ratings("u", []string{"c", "d", "nothing", "a"}), ratedProduct)
	same(u, "asked ratings", got, []store.UserRating{{ProductID: "a", Stars: 1, Time: at}, {ProductID: "c", Stars: 3, Time: at}})
	same(u, "ratings of no products", u.ratings("u", []string{}), nil)
	same(u, "ratings of nobody", u.ratings("nobody", nil), nil)
	many := []string{"b"}
	for n := range 2_000 {
		many = append(many, fmt.Sprintf("unrated %d", n))
	}
	same(u, "one among many", pluck(u.ratings("u", many), ratedProduct), []string{"b"})
}

func ratingAll(u *subject) {
	var want []string
	var batch []store.Interaction
	for n := range 50 {
		at := n * 17 % 50
		batch = append(batch, rating(fmt.Sprintf("e%d", n), "u", fmt.Sprintf("p%02d", at), 5, float64(at)))
	}
	for at := 49; at >= 0; at-- {
		want = append(want, fmt.Sprintf("p%02d", at))
	}
	u.append(batch...)
	same(u, "ratings", pluck(u.ratings("u", nil), ratedProduct), want)
}

func ratingOnly(u *subject) {
	for n, kind := range store.EventTypes() {
		if kind != store.Rating {
			u.append(event(fmt.Sprintf("e%d", n), "u", "p", kind, 0))
		}
	}
	same(u, "ratings", u.ratings("u", nil), nil)
}
