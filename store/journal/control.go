package journal

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"valse/internal/disk"
	"valse/store"
)

// controlFile holds one frame: the JSON of a copy.
const controlFile = "control"

// keptPublications is how many of the newest publications are copied.
const keptPublications = 20

// copied is what a backend keeps that is small and lies nowhere else.
type copied struct {
	Settings     map[string][]byte   `json:"settings"`
	Publications []store.Publication `json:"publications"` // newest first
	Erasures     []store.Erasure     `json:"erasures"`     // in order
}

// addErasures adds the tombstones that are missing: a backend that has lost some
// gets them back from here.
func (c *copied) addErasures(erasures []store.Erasure) {
	known := map[string]bool{}
	for _, e := range c.Erasures {
		known[e.UserID] = true
	}
	for _, e := range erasures {
		if !known[e.UserID] {
			c.Erasures = append(c.Erasures, e)
		}
	}
}

// control is the copy in memory and, with a folder, on disk.
type control struct {
	log *log // for its folder; nil without

	mu   sync.Mutex
	copy copied
	// renewing says that a copy is being made anew, and meanwhile are the
	// changes since it began, which it may have missed.
	renewing  bool
	meanwhile []func(*copied)

	gone atomic.Pointer[map[string]bool] // users with a copied tombstone
}

// openControl reads the copy in a folder; none without a folder.
func openControl(files disk.FS, folder string) (*control, error) {
	c := &control{copy: copied{Settings: map[string][]byte{}}}
	c.index()
	if folder == "" {
		return c, nil
	}
	c.log = &log{fs: files, folder: folder}
	data, err := c.log.readFile(controlFile, -1)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return nil, err
	}
	copy, err := decodeCopy(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w (it holds settings, publications and who was erased; without it remove the file)", c.log.path(controlFile), err)
	}
	c.copy = copy
	c.index()
	return c, nil
}

// decodeCopy reads a control file.
func decodeCopy(data []byte) (copied, error) {
	c := copied{}
	frames, _, fault := parse(data)
	if fault != "" || len(frames) != 1 {
		return c, errors.New("it is damaged")
	}
	if err := json.Unmarshal(frames[0].payload, &c); err != nil {
		return c, err
	}
	if c.Settings == nil {
		c.Settings = map[string][]byte{}
	}
	return c, nil
}

// change changes the copy and makes it durable. Done again, f changes nothing.
func (c *control) change(f func(*copied)) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.copy)
	c.index()
	if c.renewing {
		c.meanwhile = append(c.meanwhile, f)
	}
	return c.write()
}

// renew replaces the copy by what read returns, with what changed meanwhile. It
// has one caller at a time.
func (c *control) renew(read func() (copied, error)) error {
	c.mu.Lock()
	c.renewing = true
	c.mu.Unlock()
	fresh, err := read()
	c.mu.Lock()
	defer c.mu.Unlock()
	meanwhile := c.meanwhile
	c.renewing, c.meanwhile = false, nil
	if err != nil {
		return err
	}
	for _, f := range meanwhile {
		f(&fresh)
	}
	before, _ := json.Marshal(c.copy)
	if now, err := json.Marshal(fresh); err != nil || string(now) == string(before) {
		return err
	}
	c.copy = fresh
	c.index()
	return c.write()
}

// index notes who has a tombstone.
func (c *control) index() {
	gone := make(map[string]bool, len(c.copy.Erasures))
	for _, e := range c.copy.Erasures {
		gone[e.UserID] = true
	}
	c.gone.Store(&gone)
}

// write makes the copy durable. The caller holds the lock.
func (c *control) write() error {
	if c.log == nil {
		return nil
	}
	payload, err := json.Marshal(c.copy)
	if err != nil {
		return err
	}
	file, err := c.log.create(controlFile, appendFrame(header(), 1, payload))
	if err != nil {
		return fmt.Errorf("write %s: %w", c.log.path(controlFile), err)
	}
	return file.Close()
}

// setting returns a copied setting.
func (c *control) setting(name string) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if value, known := c.copy.Settings[name]; known {
		return slices.Clone(value), nil
	}
	return nil, fmt.Errorf("setting %s: %w", name, store.ErrNotFound)
}

// names lists the copied settings that start with a prefix and come after a
// name.
func (c *control) names(prefix, after string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	names := slices.Sorted(maps.Keys(c.copy.Settings))
	return slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, prefix) || name <= after })
}

// publications returns the newest copied publications.
func (c *control) publications(limit int) []store.Publication {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.copy.Publications[:min(limit, len(c.copy.Publications))])
}

// erasures returns the copied tombstones.
func (c *control) erasures() []store.Erasure {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.copy.Erasures)
}

// erased reports whether a user has a copied tombstone.
func (c *control) erased(userID string) bool { return (*c.gone.Load())[userID] }

// refresh copies what the backend has, if it lost nothing meanwhile.
func (a *applier) refresh(ctx context.Context) error {
	return a.control.renew(func() (copied, error) { return a.readCopy(ctx) })
}

func (a *applier) readCopy(ctx context.Context) (copied, error) {
	fresh := copied{Settings: map[string][]byte{}}
	names, err := store.AllSettingNames(ctx, a.Backend, "")
	if err != nil {
		return fresh, err
	}
	for _, name := range names {
		value, err := a.Backend.Setting(ctx, name)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fresh, err
		}
		fresh.Settings[name] = value
	}
	if fresh.Publications, err = a.Backend.Publications(ctx, keptPublications); err != nil {
		return fresh, err
	}
	if fresh.Erasures, err = a.Backend.Erased(ctx, 0); err != nil {
		return fresh, err
	}
	if armed, err := a.Backend.Armed(ctx); err != nil || !armed {
		return fresh, errors.Join(err, store.ErrRestarted)
	}
	return fresh, nil
}
