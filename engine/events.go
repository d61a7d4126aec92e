package engine

import "valse/store"

// Events is a set of interactions as columns, the form training reads. All
// columns have the same length; the dictionaries hold each id once.
type Events struct {
	UserIDs    []string // dictionary: id of user index u
	ProductIDs []string // dictionary: id of product index p

	User    []int32 // index into UserIDs
	Product []int32 // index into ProductIDs
	Type    []store.EventType
	Value   []float32
	Time    []int64 // microseconds since 1970, UTC
	Basket  []int32 // equal for events of one order or visit; -1 for none
}

// Len is the number of events.
func (e *Events) Len() int { return len(e.User) }
