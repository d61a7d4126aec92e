package graph

import (
	"time"

	"github.com/99designs/gqlgen/complexity"

	"valse/engine"
	"valse/graph/generated"
	"valse/graph/model"
	"valse/internal/live"
	"valse/store"
)

// costs make scalars free: what is loaded are objects.
var costs = []complexity.Option{complexity.WithFixedScalarValue(0)}

// complexities say what the fields with lists below them cost: as often as the
// list may be long. Every other object costs 1 and what is below it.
func complexities() generated.ComplexityRoot {
	var c generated.ComplexityRoot
	times := func(below, length int) int { return 1 + below*max(1, min(length, store.MaxPage)) }

	c.Query.Products = func(below int, _ *model.ProductFilter, _ store.ProductOrder, first int, _ *string) int {
		return times(below, first)
	}
	c.Query.Vendors = func(below int, _ *string, first int) int { return times(below, first) }
	c.Query.Categories = func(below int) int { return times(below, 60) }
	c.Query.BestSellers = func(below int, _ *string, first int, _ engine.Window) int { return times(below, first) }
	c.Query.Similar = func(below int, _ string, first int) int { return times(below, first) }
	c.Query.Recommendations = func(below int, _ *string, first int, _ *model.RecommendationOptions) int {
		return times(below, first)
	}
	c.Query.Shelves = func(below int, _ live.Page, _, _ *string, first int) int { return times(below, 8*first) }
	c.Query.Interactions = func(below int, _ *string, _ []store.EventType, first int, _ *string) int {
		return times(below, first)
	}
	c.Query.Users = func(below int, _ *string, _ *bool, first int, _ *string) int { return times(below, first) }
	c.Query.Runs = func(below int, _ *store.RunKind, first int, _ *string) int { return times(below, first) }
	c.Query.Actions = func(below, first int, _ *string) int { return times(below, first) }
	c.Query.Publications = func(below int, first int) int { return times(below, first) }
	c.Query.Nodes = func(below int, ids []string) int { return times(below, len(ids)) }
	c.Query.Models = func(below int) int { return times(below, 20) }

	c.Query.RuleBooks = func(below, first int) int { return times(below, first) }
	c.Query.PreviewRules = func(below int, _ []model.RuleInput, _ *string, _ live.Page, _, _ *string, first int, _ *time.Time) int {
		return times(below, 8*first)
	}
	c.Subscription.Recommendations = c.Query.Recommendations
	c.Product.Similar = func(below, first int) int { return times(below, first) }
	c.Product.Together = func(below, first int) int { return times(below, first) }
	c.Category.BestSellers = func(below, first int, _ engine.Window) int { return times(below, first) }
	c.User.History = func(below int, _ []store.EventType, first int, _ *string) int { return times(below, first) }
	c.User.Ratings = func(below, first int) int { return times(below, first) }
	c.User.Recommendations = func(below, first int, _ *model.RecommendationOptions) int { return times(below, first) }
	c.Query.Explanation = func(below int, _ string, _ *string, _ []string) int { return times(below, maxContributions) }
	c.Recommendation.Explanation = func(below int) int { return times(below, maxContributions) }
	c.Query.Results = func(below int, _, _ *string, _ model.ResultsBy) int { return times(below, 10) }
	c.Query.ModelDiff = func(below int, _, _ string, _ []string, _, k int) int { return times(below, k) }
	c.Query.Experiments = func(below int, first int) int { return times(below, first) }
	c.Overview.Activity = func(below, days int) int { return times(below, days) }
	return c
}
