package engine

import (
	"slices"

	"valse/engine/rule"
)

// Against returns the ids of the rules that speak against a product which a
// list made for the user under the policy does not hold; nil for none. Without
// any, it is the other products that are better.
func (p *Policy) Against(productID, userID string, l List) []string {
	if p == nil {
		return nil
	}
	product, known := p.catalogue.number[productID]
	if !known {
		return nil
	}
	var ids []string
	for _, c := range p.rules {
		if p.against(c, product, userID, l) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

func (p *Policy) against(c counting, product int32, userID string, l List) bool {
	switch c.Kind {
	case rule.Hide, rule.Bury:
		return c.match.Has(product)
	case rule.Only:
		return !c.match.Has(product)
	case rule.NotOwn:
		return slices.Contains(p.catalogue.byOwner[userID], product)
	case rule.Limit:
		of := &p.catalogue.products[product]
		vendors, categories := 0, 0
		for _, item := range l.Items {
			other, _ := p.catalogue.Product(item.ProductID)
			if of.Vendor != "" && other.Vendor == of.Vendor {
				vendors++
			}
			if of.Category != "" && other.Category == of.Category {
				categories++
			}
		}
		return c.MaxPerVendor > 0 && vendors >= c.MaxPerVendor || c.MaxPerCategory > 0 && categories >= c.MaxPerCategory
	}
	return false
}
