package store

import "context"

// CreditCount is how often events of one type were credited to one thing on
// one day.
type CreditCount struct {
	Day    Day
	Credit string
	Type   EventType
	N      int64
}

// Credits is the store's role as counter of what recommendations lead to.
type Credits interface {
	// Credits calls f with the counts of credited events (see
	// [Interaction.Credit]) from one day to another, both inclusive, in any
	// order, each (day, credit, type) possibly in several pieces to be added
	// up. They change in the same atomic step as the append that caused them,
	// so an event counts once however often it is sent. They hold nothing of
	// who did it, and erasing a user leaves them as they are.
	Credits(ctx context.Context, from, to Day, f func(CreditCount) error) error
}
