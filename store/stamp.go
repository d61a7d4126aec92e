package store

import "context"

// Stamp says how new what a store has is, for those who remember what they
// read. Of two stamps of one store, taken by one process: with Epoch and Catalog
// equal no product changed between them, with Epoch and User equal nothing of
// the user's history and ratings did. What differs may be the same.
type Stamp struct {
	Epoch   int64 // changes when anything may have changed
	Catalog int64
	User    int64
}

// Stamps is the store's role as the one who knows whether what was read is
// still so.
type Stamps interface {
	// Stamp returns the stamp of the catalogue and of a user. What is read
	// after it is at least as new; a change that was acknowledged before, by
	// whichever process, is in it. ErrUnavailable while that is not known.
	Stamp(ctx context.Context, userID string) (Stamp, error)
}
