package graph

import (
	"cmp"
	"context"
	"time"

	"valse/engine/rule"
	"valse/graph/model"
	"valse/internal/live"
)

func (r *mutationResolver) SaveRules(ctx context.Context, rules []model.RuleInput, expectedVersion int64, note *string, author *string) (*model.RuleBookPayload, error) {
	decoded, err := decodeRules(rules)
	var book *rule.Book
	if err == nil {
		book, err = r.Live.Books().Save(ctx, expectedVersion, decoded, cmp.Or(value(author), defaultAuthor), value(note))
	}
	return newRuleBookPayload(book, err)
}

func (r *mutationResolver) RestoreRules(ctx context.Context, version int64, expectedVersion int64, author *string) (*model.RuleBookPayload, error) {
	book, err := r.Live.Books().Restore(ctx, expectedVersion, version, cmp.Or(value(author), defaultAuthor))
	return newRuleBookPayload(book, err)
}

func (r *queryResolver) Rules(ctx context.Context, version *int64) (*model.RuleBook, error) {
	return r.ruleBook(ctx, version)
}

func (r *queryResolver) RuleBooks(ctx context.Context, first int) ([]model.RuleBook, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	books, err := r.Live.Books().History(ctx, first)
	views := make([]model.RuleBook, len(books))
	for i, b := range books {
		views[i] = model.RuleBook{Book: b}
	}
	return views, err
}

func (r *queryResolver) PreviewRules(ctx context.Context, rules []model.RuleInput, userID *string, page live.Page, productID *string, category *string, first int, at *time.Time) ([]model.RulePreview, error) {
	q := live.ShelfRequest{
		Page: page, UserID: model.LocalID(model.KindUser, value(userID)), N: first,
		ProductID: model.LocalID(model.KindProduct, value(productID)), Category: value(category),
	}
	return r.previewRules(ctx, q, rules, at)
}
