package store

import (
	"context"
	"time"
)

// Scored is one entry of a stored list.
type Scored struct {
	ProductID string
	Score     float32
}

// DefaultList is the user id under which a model's list for people it does not
// know is stored.
const DefaultList = ""

// List is one user's stored recommendations under one model, best first.
type List struct {
	UserID string
	Items  []Scored
}

// Publication is one flip of the published pointer.
type Publication struct {
	Seq     int64 // grows by one with each flip of the partition
	ModelID string
	// Previous is what was published before; empty for the first.
	Previous string
	// Token is the fencing token it was published under.
	Token int64
	Time  time.Time
	Note  string // who or what, like "run 0195…" or "rollback"
}

// Serving is the store's role as keeper of what servers answer with.
type Serving interface {
	// PutLists stores lists under a model; the same user again replaces, and
	// erased users are left out.
	PutLists(ctx context.Context, modelID string, lists []List) error
	// List returns a user's list under a model. ErrNotFound.
	List(ctx context.Context, modelID, userID string) (List, error)
	// DropLists removes every list of a model.
	DropLists(ctx context.Context, modelID string) error
	// Publish flips the pointer. It answers ErrFenced when token is below
	// the newest token of the lease named PublishLease, ErrConflict when
	// the model is published already.
	Publish(ctx context.Context, p Publication) (Publication, error)
	// Published returns the newest publication. ErrNotFound before the first.
	Published(ctx context.Context) (Publication, error)
	// Publications returns the newest publications first, at most limit.
	Publications(ctx context.Context, limit int) ([]Publication, error)
}

// PublishLease is the lease that a publisher must hold.
const PublishLease = "publish"

// Lease is the right to do something alone for a while.
type Lease struct {
	Name  string
	Owner string
	// Token grows with every new holder; a write guarded by an older one is
	// refused (Kleppmann's fencing token).
	Token   int64
	Expires time.Time
}

// Leases is the store's role as arbiter between processes.
type Leases interface {
	// Acquire takes or renews a lease for ttl. A renewal by the same owner
	// before expiry keeps the token. ErrHeld when another holds it.
	Acquire(ctx context.Context, name, owner string, ttl time.Duration) (Lease, error)
	// Release gives a lease back; one already lost is not an error.
	Release(ctx context.Context, l Lease) error
}
