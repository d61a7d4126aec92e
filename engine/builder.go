package engine

import "valse/store"

// Builder collects interactions into [Events]. The zero value is ready to use.
// It is not safe for concurrent use.
type Builder struct {
	events                   Events
	users, products, baskets dictionary
}

// Add appends one interaction.
func (b *Builder) Add(i *store.Interaction) {
	e := &b.events
	e.User = append(e.User, b.users.index(i.UserID))
	e.Product = append(e.Product, b.products.index(i.ProductID))
	e.Type = append(e.Type, i.Type)
	e.Value = append(e.Value, float32(i.Value))
	e.Time = append(e.Time, i.Time.UnixMicro())
	basket := int32(-1)
	if i.Basket != "" {
		basket = b.baskets.index(i.UserID + "\x00" + i.Basket)
	}
	e.Basket = append(e.Basket, basket)
}

// Len is the number of interactions added.
func (b *Builder) Len() int { return b.events.Len() }

// Events returns what was added so far. It shares memory with the builder:
// later additions do not change it.
func (b *Builder) Events() *Events {
	e := b.events
	e.UserIDs, e.ProductIDs = b.users.ids, b.products.ids
	return &e
}

// dictionary numbers ids in order of appearance.
type dictionary struct {
	ids     []string
	numbers map[string]int32
}

func (d *dictionary) index(id string) int32 {
	if n, ok := d.numbers[id]; ok {
		return n
	}
	if d.numbers == nil {
		d.numbers = map[string]int32{}
	}
	n := int32(len(d.ids))
	d.numbers[id] = n
	d.ids = append(d.ids, id)
	return n
}
