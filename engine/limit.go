package engine

// counts are how many products of a list share a vendor or a category.
type counts struct{ vendor, category map[string]int }

// limit masks the rest of a product's vendor and of its category once a list
// holds as many as the policy allows. Products of no vendor, or of no category,
// are not limited by it.
func (l *lister) limit(product int32) {
	if l.policy == nil {
		return
	}
	c := l.r.catalogue
	p := &c.products[product]
	if reached(&l.counts.vendor, p.Vendor, l.policy.perVendor) {
		for _, n := range c.byVendor[p.Vendor] {
			l.mask.Set(n)
		}
	}
	if reached(&l.counts.category, p.Category, l.policy.perCategory) {
		for _, n := range c.byCategory[p.Category] {
			if c.products[n].Category == p.Category { // not those below it
				l.mask.Set(n)
			}
		}
	}
}

// reached counts one more under a name and reports whether that makes most.
func reached(counts *map[string]int, name string, most int) bool {
	if most == 0 || name == "" {
		return false
	}
	if *counts == nil {
		*counts = map[string]int{}
	}
	(*counts)[name]++
	return (*counts)[name] == most
}
