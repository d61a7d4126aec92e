package live

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"

	"valse/engine"
	"valse/store"
)

// Bounds of a comparison.
const (
	MaxDiffUsers = 500 // in a sample
	MaxDiffK     = 100
)

// Diff is how the lists of two kept models differ for some users.
type Diff struct {
	K     int
	Users []UserDiff // those who differ most first
	// Overlap, RBO and Moved are means over the users.
	engine.Agreement
	// Spread of the first model's lists and of the second's.
	Spread [2]engine.Spread
}

// UserDiff is one user's lists under both models.
type UserDiff struct {
	UserID string
	engine.Agreement
	Lists [2][]string // product ids, best first
}

// Diff compares the lists of two kept models: for the users named, or else for
// a sample of those that the first was trained on, the same one each time.
// Lists are made now, from whole histories and under the rules in force.
// store.ErrNotFound when a model is not kept.
func (s *Service) Diff(ctx context.Context, a, b string, users []string, sample, k int) (Diff, error) {
	if k < 1 || k > MaxDiffK {
		return Diff{}, &store.Invalid{Field: "k", Value: strconv.Itoa(k), Want: fmt.Sprintf("a number from 1 to %d", MaxDiffK)}
	}
	if sample < 1 || sample > MaxDiffUsers {
		return Diff{}, &store.Invalid{Field: "sample", Value: strconv.Itoa(sample), Want: fmt.Sprintf("a number from 1 to %d", MaxDiffUsers)}
	}
	var models [2]*state
	for i, id := range []string{a, b} {
		if id == "" {
			return Diff{}, &store.Invalid{Field: string("ab"[i]), Want: "the id of a kept model"}
		}
		var err error
		if models[i], err = s.plain(ctx, id); err != nil {
			return Diff{}, err
		}
	}
	if len(users) == 0 {
		users = pickUsers(models[0].recommender.UserIDs(), sample)
	}
	d := Diff{K: k}
	var lists [2][][]string
	for _, userID := range users {
		u, err := s.diffUser(ctx, models, userID, k)
		if err != nil {
			return Diff{}, err
		}
		d.Users = append(d.Users, u)
		n := float64(len(users))
		d.Overlap, d.RBO, d.Moved = d.Overlap+u.Overlap/n, d.RBO+u.RBO/n, d.Moved+u.Moved/n
		for i := range lists {
			lists[i] = append(lists[i], u.Lists[i])
		}
	}
	slices.SortStableFunc(d.Users, func(x, y UserDiff) int { return cmp.Compare(x.RBO, y.RBO) })
	for i := range models {
		d.Spread[i] = models[i].recommender.Spread(lists[i])
	}
	return d, nil
}

// diffUser makes one user's list under both models.
func (s *Service) diffUser(ctx context.Context, models [2]*state, userID string, k int) (UserDiff, error) {
	u := UserDiff{UserID: userID}
	history, err := s.history(ctx, userID)
	if err != nil {
		return u, err
	}
	for i, st := range models {
		request, err := s.of(ctx, st, userID, history, ShelfForYou, Request{N: k})
		if err != nil {
			return u, err
		}
		l, err := s.recommend(ctx, st, userID, request)
		if err != nil {
			return u, err
		}
		for _, item := range l.Items {
			u.Lists[i] = append(u.Lists[i], item.ProductID)
		}
	}
	u.Agreement = engine.Agree(u.Lists[0], u.Lists[1], k)
	return u, nil
}

// pickUsers draws so many users, the same ones from the same users.
func pickUsers(all []string, n int) []string {
	h := fnv.New64a()
	for _, id := range all {
		h.Write([]byte(id))
	}
	random := rand.New(rand.NewPCG(h.Sum64(), 0))
	picked := slices.Clone(all)
	random.Shuffle(len(picked), func(i, j int) { picked[i], picked[j] = picked[j], picked[i] })
	return picked[:min(n, len(picked))]
}
