package store

import (
	"context"
	"time"
)

// User is someone (or a visitor's session) whose interactions are recorded.
type User struct {
	ID         string // up to 256 bytes, kept byte for byte
	Name       string // what to show; may be empty
	Persona    string // one line on a demo user's taste; empty otherwise
	Attributes map[string]string
	CreatedAt  time.Time // set by the store when zero
}

// UserQuery selects a page of users, by id.
type UserQuery struct {
	Search   string // prefix of the id or of the name; empty means all
	Personas bool   // only users with a persona
	After    string
	Limit    int // 1 to MaxPage; 0 means 20
}

// UserPage is one page of users.
type UserPage struct {
	Users   []User
	Cursors []string
	HasNext bool
	Total   int
}

// Users is the store's role as keeper of users.
type Users interface {
	// PutUsers inserts or replaces users by id and returns how many were new
	// and how many changed; a user equal to what is stored counts as neither,
	// a zero CreatedAt keeps the stored one, and erased users are left out.
	// Recording an interaction of an unknown user creates them with nothing
	// but the id.
	PutUsers(ctx context.Context, users []User) (created, updated int, err error)
	// User returns one user. ErrNotFound.
	User(ctx context.Context, id string) (User, error)
	// UsersByID returns users in the order asked, nil where there is none.
	UsersByID(ctx context.Context, ids []string) ([]*User, error)
	// Users returns one page.
	Users(ctx context.Context, q UserQuery) (UserPage, error)
	// EachUser calls f with every user in batches: a bulk read.
	EachUser(ctx context.Context, f func([]User) error) error
	// UsersVersion grows whenever a user is put, created or erased.
	UsersVersion(ctx context.Context) (int64, error)
	// EraseUser removes the user, their interactions (from history, ratings,
	// log and day counts), and their stored lists, and leaves a tombstone so
	// that appending for them answers ErrErased. It returns how many
	// interactions went. Erasing someone unknown still leaves the tombstone.
	EraseUser(ctx context.Context, id string) (interactions int, err error)
	// Erased lists tombstones with a sequence number above after, so that
	// offline copies can follow.
	Erased(ctx context.Context, after int64) ([]Erasure, error)
}

// Erasure is the tombstone of an erased user.
type Erasure struct {
	Seq    int64 // grows by one with each erasure of the partition
	UserID string
	Time   time.Time
}
