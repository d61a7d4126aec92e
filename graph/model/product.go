package model

import (
	"net/url"
	"strings"

	"golang.org/x/text/currency"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"valse/store"
)

// Product shows a product of the store.
type Product struct{ store.Product }

// NewProducts shows a page of products.
func NewProducts(products []store.Product) []Product {
	views := make([]Product, len(products))
	for i, p := range products {
		views[i] = Product{p}
	}
	return views
}

// IsNode marks a type with global ids.
func (Product) IsNode() {}

// ID is the global id.
func (p *Product) ID() string { return GlobalID(KindProduct, p.Product.ID) }

// ProductID is the id it was imported under.
func (p *Product) ProductID() string { return p.Product.ID }

// Category is nil when the source named none.
func (p *Product) Category() *Category {
	if p.Product.Category == "" {
		return nil
	}
	return &Category{Path: p.Product.Category}
}

// Vendor is nil when the source named none.
func (p *Product) Vendor() *Vendor {
	if p.Product.Vendor == "" {
		return nil
	}
	return &Vendor{Name: p.Product.Vendor}
}

// Priced reports whether the price is known.
func (p *Product) Priced() bool { return p.Product.Price >= 0 && p.Currency != "" }

// Price is nil when unknown.
func (p *Product) Price() *Money {
	if !p.Priced() {
		return nil
	}
	return &Money{Amount: p.Product.Price, Currency: p.Currency}
}

// ImageURL is the source's own, or the path of the generated cover.
func (p *Product) ImageURL() string {
	if p.Product.ImageURL != "" {
		return p.Product.ImageURL
	}
	return "/covers/" + url.PathEscape(p.Product.ID) + ".svg"
}

// InStock is the opposite of what the store keeps.
func (p *Product) InStock() bool { return !p.OutOfStock }

// Attributes are the further columns by name.
func (p *Product) Attributes() []Attribute { return attributes(p.Product.Attributes) }

// Category is a place in the tree of categories.
type Category struct{ Path string }

// IsNode marks a type with global ids.
func (Category) IsNode() {}

// ID is the global id.
func (c *Category) ID() string { return GlobalID(KindCategory, c.Path) }

// Name is the last part of the path.
func (c *Category) Name() string {
	if i := strings.LastIndex(c.Path, store.CategorySeparator); i >= 0 {
		return c.Path[i+len(store.CategorySeparator):]
	}
	return c.Path
}

// Department is the first part of the path.
func (c *Category) Department() string {
	head, _, _ := strings.Cut(c.Path, store.CategorySeparator)
	return head
}

// Vendor is who makes or sells products.
type Vendor struct{ Name string }

// IsNode marks a type with global ids.
func (Vendor) IsNode() {}

// ID is the global id.
func (v *Vendor) ID() string { return GlobalID(KindVendor, v.Name) }

// Money is an amount in minor units.
type Money struct {
	Amount   int64
	Currency string
}

// Formatted reads like "€1,234.50": symbol and number of decimals are the
// currency's own; an unknown code stands for itself, with two decimals.
func (m *Money) Formatted() string {
	symbol, decimals := m.Currency+" ", 2
	printer := message.NewPrinter(language.English)
	if unit, err := currency.ParseISO(m.Currency); err == nil {
		decimals, _ = currency.Standard.Rounding(unit)
		if s := printer.Sprint(currency.NarrowSymbol(unit)); s != m.Currency {
			symbol = s
		}
	}
	amount := float64(m.Amount)
	for range decimals {
		amount /= 10
	}
	return printer.Sprintf("%s%v", symbol, number.Decimal(amount, number.Scale(decimals)))
}
