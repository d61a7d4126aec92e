package graph

import (
	"context"
	"fmt"
	"time"

	"valse/graph/model"
	"valse/internal/live"
	"valse/internal/rate"
	"valse/internal/trace"
	"valse/store"
)

// defaultDays are shown when no days are named.
const defaultDays = 28

// results adds up what lists led to.
func (r *Resolver) results(ctx context.Context, first, last *string, by model.ResultsBy) (*model.Results, error) {
	from, to, err := r.dayRange(first, last)
	if err != nil {
		return nil, err
	}
	groups, err := trace.Results(ctx, r.Store, from, to, groupings[by])
	if err != nil {
		return nil, err
	}
	view := &model.Results{From: from.String(), To: to.String(), Groups: []model.ResultsGroup{}}
	total := trace.Group{Days: make([]trace.Funnel, to-from+1)}
	for _, g := range groups {
		total.Total = total.Total.Plus(g.Total)
		for i, day := range g.Days {
			total.Days[i] = total.Days[i].Plus(day)
		}
		if len(view.Groups) < maxFirst && (by != model.ResultsByArm || g.Merit.Experiment != 0) {
			view.Groups = append(view.Groups, newGroup(g, from, by))
		}
	}
	view.Total = newGroup(total, from, "")
	err = r.Store.Counts(ctx, from, func(c store.Count) error {
		if c.Day <= to {
			view.Events += c.N
			if c.Type == store.Purchase {
				view.Purchases += c.N
			}
		}
		return nil
	})
	return view, err
}

// groupings are what each grouping keeps of a merit.
var groupings = map[model.ResultsBy]func(trace.Merit) trace.Merit{
	model.ResultsByShelf: func(m trace.Merit) trace.Merit { return trace.Merit{Origin: trace.Origin{Shelf: m.Shelf}} },
	model.ResultsByModel: func(m trace.Merit) trace.Merit { return trace.Merit{Origin: trace.Origin{ModelID: m.ModelID}} },
	model.ResultsByRules: func(m trace.Merit) trace.Merit { return trace.Merit{Origin: trace.Origin{Rules: m.Rules}} },
	model.ResultsByArm: func(m trace.Merit) trace.Merit {
		return trace.Merit{Origin: trace.Origin{Experiment: m.Experiment, Arm: m.Arm}}
	},
}

// dayRange reads the days asked for.
func (r *Resolver) dayRange(first, last *string) (from, to store.Day, err error) {
	if to, err = parseDay("to", last, store.DayOf(r.Clock())); err != nil {
		return from, to, err
	}
	if from, err = parseDay("from", first, to-defaultDays+1); err != nil {
		return from, to, err
	}
	if to < from || to-from >= maxDays {
		return from, to, &store.Invalid{Field: "from", Value: from.String(), Want: fmt.Sprintf("a day at most %d before %s", maxDays-1, to)}
	}
	return from, to, nil
}

func parseDay(field string, text *string, otherwise store.Day) (store.Day, error) {
	if text == nil {
		return otherwise, nil
	}
	at, err := time.Parse(time.DateOnly, *text)
	if err != nil {
		return 0, &store.Invalid{Field: field, Value: *text, Want: "a day like 2026-11-23"}
	}
	return store.DayOf(at), nil
}

func newGroup(g trace.Group, from store.Day, by model.ResultsBy) model.ResultsGroup {
	view := model.ResultsGroup{Funnel: newFunnel(g.Total), Days: make([]model.ResultsDay, len(g.Days))}
	for i, day := range g.Days {
		view.Days[i] = model.ResultsDay{Day: (from + store.Day(i)).String(), Funnel: newFunnel(day)}
	}
	switch m := g.Merit; by {
	case model.ResultsByShelf:
		shelf := live.ShelfKind(m.Shelf)
		view.Shelf = &shelf
	case model.ResultsByModel:
		view.ModelID = &m.ModelID
	case model.ResultsByRules:
		view.Rules = &m.Rules
	case model.ResultsByArm:
		view.Experiment, view.Arm = &m.Experiment, &m.Arm
	}
	return view
}

func newFunnel(f trace.Funnel) model.Funnel {
	return model.Funnel{
		Impressions: f.Impressions, Clicks: f.Clicks, Carts: f.Carts, Purchases: f.Purchases,
		ClickRate: newRate(f.Rate(trace.ClickStep)), CartRate: newRate(f.Rate(trace.CartStep)), PurchaseRate: newRate(f.Rate(trace.PurchaseStep)),
	}
}

func newRate(c rate.Count) model.Rate {
	interval := c.Wilson()
	view := model.Rate{Low: interval.Low, High: interval.High}
	if value := c.Value(); c.Trials > 0 {
		view.Value = &value
	}
	return view
}
