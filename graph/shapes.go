package graph

import (
	"time"

	"valse/engine"
	"valse/graph/model"
)

// What can be read off the values of long answers, as gqlgen would read it. A
// field that is asked for, has a resolver or a directive of its own is not here.

var listShape = &shape[model.RecommendationList]{
	types: []string{"RecommendationList"},
	fields: map[string]reader[model.RecommendationList]{
		"recommendationId": text(func(l *model.RecommendationList) string { return l.RecommendationID }),
		"source":           text(func(l *model.RecommendationList) engine.Source { return l.Source }),
		"modelId":          maybe(func(l *model.RecommendationList) *string { return l.ModelID }, itself),
		"ruleVersion":      maybe(func(l *model.RecommendationList) *int64 { return l.RuleVersion }, integer(func(n *int64) int64 { return *n })),
		"items":            list(func(l *model.RecommendationList) []model.Recommendation { return l.Items }, recommendationShape.of),
		"at":               instant(false, func(l *model.RecommendationList) time.Time { return l.At }),
	},
}

var recommendationShape = &shape[model.Recommendation]{
	types: []string{"Recommendation"},
	fields: map[string]reader[model.Recommendation]{
		"recommendationId": text(func(r *model.Recommendation) string { return r.RecommendationID }),
		"product":          maybe(func(r *model.Recommendation) *model.Product { return r.Product }, productShape.of),
		"rank":             integer(func(r *model.Recommendation) int64 { return int64(r.Rank) }),
		"score":            float(func(r *model.Recommendation) float64 { return r.Score }),
		"source":           text(func(r *model.Recommendation) engine.Source { return r.Source }),
	},
}

var productShape = &shape[model.Product]{
	types: []string{"Product", "Node"},
	fields: map[string]reader[model.Product]{
		"id":          globalID(model.KindProduct, (*model.Product).ProductID),
		"productId":   text((*model.Product).ProductID),
		"title":       text(func(p *model.Product) string { return p.Title }),
		"description": text(func(p *model.Product) string { return p.Description }),
		"category":    maybe((*model.Product).Category, categoryShape.of),
		"vendor":      maybe((*model.Product).Vendor, vendorShape.of),
		"price":       maybe(withPrice, priceShape.of),
		"imageUrl":    text((*model.Product).ImageURL),
		"publishedAt": instant(true, func(p *model.Product) time.Time { return p.PublishedAt }),
		"inStock":     truth((*model.Product).InStock),
		"attributes":  list((*model.Product).Attributes, attributeShape.of),
	},
}

var categoryShape = &shape[model.Category]{
	types: []string{"Category", "Node"},
	fields: map[string]reader[model.Category]{
		"id":         globalID(model.KindCategory, func(c *model.Category) string { return c.Path }),
		"path":       text(func(c *model.Category) string { return c.Path }),
		"name":       text((*model.Category).Name),
		"department": text((*model.Category).Department),
	},
}

var vendorShape = &shape[model.Vendor]{
	types: []string{"Vendor", "Node"},
	fields: map[string]reader[model.Vendor]{
		"id":   globalID(model.KindVendor, func(v *model.Vendor) string { return v.Name }),
		"name": text(func(v *model.Vendor) string { return v.Name }),
	},
}

// priceShape reads the price off the product itself.
var priceShape = &shape[model.Product]{
	types: []string{"Money"},
	fields: map[string]reader[model.Product]{
		"amount":    integer(func(p *model.Product) int64 { return p.Product.Price }),
		"currency":  text(func(p *model.Product) string { return p.Currency }),
		"formatted": text(func(p *model.Product) string { return p.Price().Formatted() }),
	},
}

// withPrice is nil for a product whose price is not known.
func withPrice(p *model.Product) *model.Product {
	if p.Priced() {
		return p
	}
	return nil
}

var attributeShape = &shape[model.Attribute]{
	types: []string{"Attribute"},
	fields: map[string]reader[model.Attribute]{
		"name":  text(func(a *model.Attribute) string { return a.Name }),
		"value": text(func(a *model.Attribute) string { return a.Value }),
	},
}

var recordedShape = &shape[model.RecordInteractionsPayload]{
	types: []string{"RecordInteractionsPayload"},
	fields: map[string]reader[model.RecordInteractionsPayload]{
		"results":    list(func(p *model.RecordInteractionsPayload) []model.InteractionResult { return p.Results }, resultShape.of),
		"userErrors": list(func(p *model.RecordInteractionsPayload) []model.UserError { return p.UserErrors }, userErrorShape.of),
	},
}

var resultShape = &shape[model.InteractionResult]{
	types: []string{"InteractionResult"},
	fields: map[string]reader[model.InteractionResult]{
		"eventId": text(func(r *model.InteractionResult) string { return r.EventID }),
		"outcome": text(func(r *model.InteractionResult) string { return r.Outcome.String() }),
	},
}

var userErrorShape = &shape[model.UserError]{
	types: []string{"UserError"},
	fields: map[string]reader[model.UserError]{
		"field":   maybe(func(e *model.UserError) *[]string { return present(e.Field) }, list(func(f *[]string) []string { return *f }, itself)),
		"message": text(func(e *model.UserError) string { return e.Message }),
		"code":    text(func(e *model.UserError) model.UserErrorCode { return e.Code }),
	},
}

// itself reads a string.
var itself = text(func(s *string) string { return *s })

// present is nil for a list that is missing.
func present(list []string) *[]string {
	if list == nil {
		return nil
	}
	return &list
}
