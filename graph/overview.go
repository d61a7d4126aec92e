package graph

import (
	"context"
	"strconv"

	"valse/graph/model"
	"valse/store"
)

// maxDays bounds the activity that one call shows.
const maxDays = 400

func (r *Resolver) overview(ctx context.Context) (*model.Overview, error) {
	products, err := r.Store.Products(ctx, store.ProductQuery{Limit: 1, IncludeHidden: true})
	if err != nil {
		return nil, err
	}
	users, err := r.Store.Users(ctx, store.UserQuery{Limit: 1})
	if err != nil {
		return nil, err
	}
	ends, err := r.Store.LogEnd(ctx)
	view := &model.Overview{
		Partition: r.Partition, Durability: r.Store.Durability(),
		Products: products.Total, Users: users.Total,
	}
	for _, end := range ends {
		view.Interactions += end
	}
	return view, err
}

// activity counts the events of each of the last days, oldest first.
func (r *Resolver) activity(ctx context.Context, days int) ([]model.DayActivity, error) {
	if days < 1 || days > maxDays {
		return nil, &store.Invalid{Field: "days", Value: strconv.Itoa(days), Want: "a number from 1 to " + strconv.Itoa(maxDays)}
	}
	first := store.DayOf(r.Clock()) - store.Day(days) + 1
	counts := make([][store.NumEventTypes]int64, days)
	err := r.Store.Counts(ctx, first, func(c store.Count) error {
		if at := int(c.Day - first); at < days {
			counts[at][c.Type] += c.N
		}
		return nil
	})
	activity := make([]model.DayActivity, days)
	for at := range activity {
		activity[at].Day = (first + store.Day(at)).String()
		activity[at].Counts = []model.TypeCount{}
		for _, t := range store.EventTypes() {
			if n := counts[at][t]; n > 0 {
				activity[at].Counts = append(activity[at].Counts, model.TypeCount{Type: t, Count: n})
			}
		}
	}
	return activity, err
}

func (r *Resolver) warehouseStatus(ctx context.Context) (*model.WarehouseStatus, error) {
	s, err := r.Pipeline.Status(ctx)
	view := &model.WarehouseStatus{Rows: s.Rows, Parts: s.Parts, Bytes: s.Bytes, Lag: s.Lag, Snapshots: s.Snapshots, Missing: []model.MissingFile{}}
	for _, m := range s.Missing[:min(len(s.Missing), 100)] {
		file := model.MissingFile{File: m.File, Reason: m.Reason, Since: m.Since, Restored: m.Restored}
		if m.Rows >= 0 {
			file.Rows = &m.Rows
		}
		view.Missing = append(view.Missing, file)
	}
	return view, err
}
