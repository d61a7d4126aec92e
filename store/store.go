package store

import (
	"context"
	"time"
)

// Store is everything an online process needs to remember.
type Store interface {
	Catalog
	Users
	Interactions
	Credits
	Serving
	Leases
	Runs
	Settings
	Actions
	Notices
	Stamps
	// Durability says in a few words what an acknowledged write survives.
	Durability() string
	// Ping reports whether the store answers.
	Ping(ctx context.Context) error
	// Close releases everything; calls after it fail.
	Close() error
}

// Copier is a store in files of its own, which can copy them while it is in use.
type Copier interface {
	// CopyTo copies the store as it is, with all that was acknowledged before,
	// into a folder. Opened there it is the same store.
	CopyTo(ctx context.Context, folder string) error
}

// Settings is the store's role as keeper of small named values: secrets,
// schedules, API keys. Values are opaque.
type Settings interface {
	// Setting returns a value. ErrNotFound; that and ErrUnavailable where it is
	// not among what is known while the store does not answer, but may exist.
	Setting(ctx context.Context, name string) ([]byte, error)
	// PutSetting stores a value; nil deletes it.
	PutSetting(ctx context.Context, name string, value []byte) error
	// InitSetting stores a value unless there is one, and returns what is
	// stored then: how processes agree on a secret at first start.
	InitSetting(ctx context.Context, name string, value []byte) ([]byte, error)
	// SettingNames returns the names that start with prefix and come after
	// another (empty starts with the first), in order, at most MaxPage.
	SettingNames(ctx context.Context, prefix, after string) ([]string, error)
}

// AllSettingNames returns every name that starts with prefix, in order.
func AllSettingNames(ctx context.Context, s Settings, prefix string) (all []string, err error) {
	for after := ""; ; after = all[len(all)-1] {
		page, err := s.SettingNames(ctx, prefix, after)
		if all = append(all, page...); err != nil || len(page) < MaxPage {
			return all, err
		}
	}
}

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notice.
const (
	NoticeUser    NoticeKind = "user"    // ID: a user whose interactions changed
	NoticeCatalog NoticeKind = "catalog" // a product changed
	NoticeModel   NoticeKind = "model"   // the pointer flipped
	NoticeRun     NoticeKind = "run"     // ID: a run changed
	NoticeSetting NoticeKind = "setting" // ID: the name of a setting that changed
	NoticeMissed  NoticeKind = "missed"  // notices were lost: anything may have changed
)

// Notice tells every process of the partition that something changed. It
// carries no data: who cares reads the store. A notice may come twice or late.
// Where some were lost and the store can tell, NoticeMissed comes once notices
// are heard again; who must not miss anything also polls.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	ID   string     `json:"id,omitempty"`
	// At is when it was sent.
	At time.Time `json:"at"`
}

// Notices is the store's role as bell between processes. Stores ring it
// themselves after Append (one per user), catalogue changes, Publish, run and
// setting changes.
type Notices interface {
	// Watch returns a channel of notices of the partition, closed when ctx
	// or the store ends. A reader that falls behind by 1,024 notices gets
	// NoticeMissed in place of them.
	Watch(ctx context.Context) (<-chan Notice, error)
}
