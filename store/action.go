package store

import (
	"context"
	"time"
)

// Action is something an admin did.
type Action struct {
	// ID orders actions and is where a page ends; the store gives it.
	ID string
	// Time is set by the store when it is zero.
	Time time.Time
	// Actor is who did it, like "studio session 1f3a9c02".
	Actor string
	// Address is where the request came from; empty on the command line.
	Address string
	// Name is what was done, like "publishModel".
	Name string
	// Detail is what it was done to, as JSON of the arguments without secrets.
	Detail string
	// Outcome is "done" or why not.
	Outcome string
}

// Actions is the store's role as audit log. What is in it is never changed.
type Actions interface {
	// RecordAction appends to the log and returns when that is as durable as
	// an event.
	RecordAction(ctx context.Context, a Action) error
	// ActionList returns the newest actions before the one with id before
	// ("" for the newest), newest first, at most limit or MaxPage.
	ActionList(ctx context.Context, before string, limit int) ([]Action, error)
}
