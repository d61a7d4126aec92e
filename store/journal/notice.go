package journal

import (
	"context"
	"time"

	"valse/store"
)

// Watch returns a channel of notices: the backend's, and while that is away one
// for each user whose interactions were accepted here.
func (s *Store) Watch(ctx context.Context) (<-chan store.Notice, error) { return s.bell.Watch(ctx) }

// forward passes the backend's notices on until the store closes.
func (s *Store) forward(notices <-chan store.Notice) {
	for {
		for n := range notices {
			s.bell.Ring(n)
		}
		for notices = nil; notices == nil; {
			select {
			case <-time.After(s.o.Every):
			case <-s.closing.Done():
				return
			}
			var err error
			if notices, err = s.Backend.Watch(s.closing); err == nil {
				s.ringMissed()
			}
		}
	}
}

// ringMissed says that anything may have changed.
func (s *Store) ringMissed() {
	s.bell.Ring(store.Notice{Kind: store.NoticeMissed, At: time.Now().UTC()})
}

// ringAccepted rings for users whose events the backend has not answered for.
func (s *Store) ringAccepted(batch []store.Interaction, outcomes []store.Outcome) {
	rung := map[string]bool{}
	for n := range batch {
		if id := batch[n].UserID; outcomes[n] == store.Accepted && !rung[id] {
			rung[id] = true
			s.bell.Ring(store.Notice{Kind: store.NoticeUser, ID: id, At: time.Now().UTC()})
		}
	}
}
