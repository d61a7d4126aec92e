package graph

import (
	"context"
	"errors"
	"fmt"
	"time"

	"valse/engine/rule"
	"valse/graph/model"
	"valse/internal/live"
	"valse/store"
)

// ruleBook is a version of the rules, or the newest; nil when there is no such
// version.
func (r *Resolver) ruleBook(ctx context.Context, version *int64) (*model.RuleBook, error) {
	books := r.Live.Books()
	if version == nil {
		b, err := books.Current(ctx)
		return &model.RuleBook{Book: b}, err
	}
	b, err := books.Book(ctx, *version)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return &model.RuleBook{Book: b}, err
}

func newRuleBookPayload(b *rule.Book, err error) (*model.RuleBookPayload, error) {
	payload := &model.RuleBookPayload{}
	if payload.UserErrors, err = userErrors(err); err == nil && payload.UserErrors == nil {
		payload.Book = &model.RuleBook{Book: b}
	}
	return payload, err
}

// defaultAuthor is who saved rules when nobody says.
const defaultAuthor = "studio"

// decodeRules converts; the rules are checked when they are saved or tried.
func decodeRules(inputs []model.RuleInput) ([]rule.Rule, error) {
	if len(inputs) > rule.MaxRules {
		return nil, &store.Invalid{Field: "rules", Value: fmt.Sprint(len(inputs)), Want: fmt.Sprintf("at most %d rules", rule.MaxRules)}
	}
	rules := make([]rule.Rule, len(inputs))
	for i, in := range inputs {
		rules[i] = rule.Rule{
			ID: in.RuleID, Kind: in.Kind, Note: value(in.Note), Enabled: in.Enabled, Shelves: in.Shelves,
			From: in.From, Until: in.Until,
			Factor: value(in.Factor), Position: value(in.Position),
			MaxPerVendor: value(in.MaxPerVendor), MaxPerCategory: value(in.MaxPerCategory),
			Strength: value(in.Strength), Share: value(in.Share),
		}
		if w := in.Where; w != nil {
			rules[i].Where = rule.Match{
				Categories: w.Categories, Vendors: w.Vendors, MinPrice: value(w.MinPrice), MaxPrice: value(w.MaxPrice),
			}
			for _, id := range w.Products {
				rules[i].Where.Products = append(rules[i].Where.Products, model.LocalID(model.KindProduct, id))
			}
		}
	}
	return rules, nil
}

// previewRules composes a page under the rules in force and under others.
func (r *Resolver) previewRules(ctx context.Context, q live.ShelfRequest, inputs []model.RuleInput, at *time.Time) ([]model.RulePreview, error) {
	if err := checkFirst(q.N, maxFirst); err != nil {
		return nil, err
	}
	rules, err := decodeRules(inputs)
	if err != nil {
		return nil, err
	}
	when := r.Clock()
	if at != nil {
		when = *at
	}
	rows, err := r.Live.Preview(ctx, q, rules, when)
	if err != nil {
		return nil, err
	}
	views := make([]model.RulePreview, len(rows))
	for i, row := range rows {
		v := model.RulePreview{Kind: row.Kind, Title: row.Title}
		if row.Subject != "" {
			if v.Subject, err = r.product(ctx, row.Subject); err != nil {
				return nil, err
			}
		}
		if v.Before, err = r.placed(ctx, row.Before); err != nil {
			return nil, err
		}
		if v.After, err = r.placed(ctx, row.After); err != nil {
			return nil, err
		}
		views[i] = v
	}
	return views, nil
}

func (r *Resolver) placed(ctx context.Context, items []live.Placed) ([]model.RulePreviewItem, error) {
	ids := make([]string, len(items))
	for i, item := range items {
		ids[i] = item.ProductID
	}
	products, err := r.products(ctx, ids)
	if err != nil {
		return nil, err
	}
	views := make([]model.RulePreviewItem, 0, len(items))
	for i, item := range items {
		if products[i] == nil {
			continue // gone since the page was composed
		}
		v := model.RulePreviewItem{Product: *products[i], Rank: item.Rank, Because: []string{}}
		v.Because = append(v.Because, item.Because...)
		if item.Other > 0 {
			v.Other = &item.Other
		}
		views = append(views, v)
	}
	return views, nil
}
