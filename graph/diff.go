package graph

import (
	"context"
	"slices"

	"valse/graph/model"
	"valse/internal/live"
)

// maxExamples bounds the users whose lists a diff shows.
const maxExamples = 20

// modelDiff compares two kept models.
func (r *Resolver) modelDiff(ctx context.Context, a, b string, users []string, sample, k int) (*model.ModelDiff, error) {
	ids := make([]string, len(users))
	for i, id := range users {
		ids[i] = model.LocalID(model.KindUser, id)
	}
	a, b = model.LocalID(model.KindModel, a), model.LocalID(model.KindModel, b)
	d, err := r.Live.Diff(ctx, a, b, ids, sample, k)
	if err != nil {
		return nil, err
	}
	view := &model.ModelDiff{
		A: a, B: b, K: d.K, Users: len(d.Users), Overlap: d.Overlap, Rbo: d.RBO, Moved: d.Moved,
		Histogram: make([]int, 10), Examples: []model.UserDiff{},
	}
	for _, u := range d.Users {
		view.Histogram[min(9, int(10*u.Overlap+1e-9))]++
	}
	for _, s := range d.Spread {
		view.Spread = append(view.Spread, model.ListSpread{Products: s.Products, Coverage: s.Coverage, LongTail: s.LongTail, Novelty: s.Novelty})
	}
	shown := d.Users[:min(len(d.Users), maxExamples)]
	if err := r.loadDiffs(ctx, shown); err != nil {
		return nil, err
	}
	for _, u := range shown {
		example, err := r.newUserDiff(ctx, u)
		if err != nil {
			return nil, err
		}
		view.Examples = append(view.Examples, *example)
	}
	return view, nil
}

// loadDiffs loads the products of all lists in one call.
func (r *Resolver) loadDiffs(ctx context.Context, users []live.UserDiff) error {
	var ids []string
	for _, u := range users {
		ids = append(append(ids, u.Lists[0]...), u.Lists[1]...)
	}
	slices.Sort(ids)
	_, err := r.products(ctx, slices.Compact(ids))
	return err
}

func (r *Resolver) newUserDiff(ctx context.Context, u live.UserDiff) (*model.UserDiff, error) {
	view := &model.UserDiff{UserID: u.UserID, Overlap: u.Overlap, Rbo: u.RBO, Moved: u.Moved}
	for i, side := range []*[]model.DiffEntry{&view.A, &view.B} {
		products, err := r.products(ctx, u.Lists[i])
		if err != nil {
			return nil, err
		}
		*side = make([]model.DiffEntry, len(products))
		for place, product := range products {
			entry := model.DiffEntry{Rank: place + 1}
			if product != nil && !product.Hidden {
				entry.Product = product
			}
			if other := slices.Index(u.Lists[1-i], u.Lists[i][place]); other >= 0 {
				rank := other + 1
				entry.Other = &rank
			}
			(*side)[place] = entry
		}
	}
	return view, nil
}
