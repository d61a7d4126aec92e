package journal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"valse/internal/disk"
)

// Place is a folder that one process keeps its log in.
type Place struct {
	// ID names the place; it outlives the process.
	ID string

	parent, folder string
	fs             disk.FS
	lock           *os.File
}

// maxPlaces bounds the processes that keep logs side by side.
const maxPlaces = 100

// Take takes the first free place below a folder, which it makes if need be.
func Take(parent string) (*Place, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	for n := range maxPlaces {
		p, err := take(parent, n)
		if !errors.Is(err, disk.ErrLocked) {
			return p, err
		}
	}
	return nil, fmt.Errorf("%s has %d journals in use: %w", parent, maxPlaces, disk.ErrLocked)
}

func placeFolder(parent string, n int) string { return filepath.Join(parent, fmt.Sprintf("%03d", n)) }

// take takes the nth place. [disk.ErrLocked] while another process has it.
func take(parent string, n int) (*Place, error) {
	folder := placeFolder(parent, n)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	lock, err := disk.Lock(folder)
	if err != nil {
		return nil, err
	}
	p := &Place{parent: parent, folder: folder, fs: disk.OS{}, lock: lock}
	if p.ID, err = readID(folder); err != nil {
		return nil, disk.CloseAfter(lock, err)
	}
	return p, disk.OS{}.SyncDir(parent)
}

// readID reads the place's id, which the first process makes. One that a crash
// kept from the disk is replaced: then the backend counts as not armed.
func readID(folder string) (string, error) {
	name := filepath.Join(folder, "id")
	id, err := os.ReadFile(name)
	if err == nil && len(id) == 32 {
		return string(id), nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	random := make([]byte, 16)
	_, _ = rand.Read(random) // never fails
	made := hex.EncodeToString(random)
	return made, os.WriteFile(name, []byte(made), 0o600)
}

// Release lets another process have the place. A nil place is nobody's.
func (p *Place) Release() error {
	if p == nil || p.lock == nil {
		return nil
	}
	return p.lock.Close()
}

// adoptOthers takes over what processes left behind in neighbouring places,
// now and then.
func (s *Store) adoptOthers() {
	if s.o.Place.parent == "" {
		return
	}
	tick := time.NewTicker(s.o.TidyEvery)
	defer tick.Stop()
	for {
		for n := range maxPlaces {
			folder := placeFolder(s.o.Place.parent, n)
			if _, err := os.Stat(folder); err != nil {
				break // places are taken in order
			}
			if folder == s.o.Place.folder {
				continue
			}
			if err := s.adopt(n); err != nil && !errors.Is(err, disk.ErrLocked) && s.closing.Err() == nil {
				s.o.Logger.Error("adopt a journal", "folder", folder, "error", err)
			}
		}
		select {
		case <-tick.C:
		case <-s.closing.Done():
			return
		}
	}
}

// adopt appends the log of a place that nobody has to this one, and empties it.
// A conflict that its process told nobody of becomes a dead letter.
func (s *Store) adopt(n int) error {
	other, err := take(s.o.Place.parent, n)
	if err != nil {
		return err
	}
	defer other.Release()
	l, err := openLog(other.fs, other.folder)
	if err != nil {
		return err
	}
	s.logDamage(l)
	came, err := readProgress(l)
	if err != nil {
		return err
	}
	err = l.read(0, func(number uint64, payload []byte) error {
		events, err := decode(payload)
		if err != nil || len(events) == 0 {
			return err
		}
		outcomes, err := s.write(s.closing, events) // all of it: nobody would hear what is refused
		if err == nil && number > came.Settled {
			s.bury(s.closing, conflicts(events, outcomes))
		}
		return err
	})
	if err != nil {
		return err
	}
	return l.trim(l.end())
}
