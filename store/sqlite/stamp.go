package sqlite

import (
	"context"
	"fmt"
	"hash/maphash"
	"os"
	"sync"

	"valse/store"
)

// walHeader is the length of the wal-index's header
// (https://www.sqlite.org/walformat.html#the_wal_index_header). Every commit,
// by whichever process, changes its counter and checksum.
const walHeader = 48

// stripes is how many counters the users share: one user's event makes what is
// remembered of some others look old.
const stripes = 4_096

// stamps knows what the writer committed since the store was opened, and by the
// header of the wal-index whether that is all that was committed. So a stamp
// costs one read of 48 bytes in memory and no query.
type stamps struct {
	index *os.File // the wal-index; nil where it is not a file
	hash  maphash.Seed

	mu     sync.RWMutex
	header [walHeader]byte // as of the writer's last commit
	now    store.Stamp     // without a user
	users  [stripes]int64

	data int64 // SQLite's count of commits by other connections; the writer's own
}

// openStamps opens the wal-index of a file that is open and read.
func openStamps(path string) *stamps {
	index, err := os.Open(path + "-shm")
	if err != nil {
		index = nil // then there are no stamps, and nobody remembers what they read
	}
	return &stamps{index: index, hash: maphash.MakeSeed()}
}

func (s *stamps) close() {
	if s.index != nil {
		s.index.Close()
	}
}

func (s *stamps) read() (header [walHeader]byte, err error) {
	if s.index == nil {
		return header, store.ErrUnavailable
	}
	_, err = s.index.ReadAt(header[:], 0)
	return header, err
}

func (s *stamps) stripe(userID string) *int64 {
	return &s.users[maphash.String(s.hash, userID)%stripes]
}

// Stamp returns the stamp of the catalogue and of a user. It is not known for a
// moment while the writer commits, and up to a second after another process
// did.
func (s *Store) Stamp(_ context.Context, userID string) (store.Stamp, error) {
	all := s.writer.stamps
	all.mu.RLock()
	defer all.mu.RUnlock()
	header, err := all.read()
	if err != nil || header != all.header {
		return store.Stamp{}, fmt.Errorf("stamp of user %q: %w", userID, store.ErrUnavailable)
	}
	stamp := all.now
	stamp.User = *all.stripe(userID)
	return stamp, nil
}

// account enters what the writer's last commit changed, or with unsure that it
// is not known what that did, and finds commits by others. The header is read
// first: a commit between the two looks is then in the second only, and until
// the next account there are no stamps.
func (w *writer) account(notices []store.Notice, unsure bool) {
	s := w.stamps
	header, err := s.read()
	if err != nil {
		return
	}
	data := s.data
	if err := w.stmts.get(background, []any{&data}, "PRAGMA data_version"); err != nil {
		unsure = true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if unsure || data != s.data {
		s.now.Epoch++
	}
	for _, n := range notices {
		switch n.Kind {
		case store.NoticeCatalog:
			s.now.Catalog++
		case store.NoticeUser:
			*s.stripe(n.ID)++
		}
	}
	s.header, s.data = header, data
}
