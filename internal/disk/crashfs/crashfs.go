// Package crashfs is a file system in memory that can lose its power or fail
// at any call, for tests of what keeps files.
//
// It promises as little as POSIX does. What was written to a file survives when
// the file was synced; otherwise any beginning of it may, with zeros for the
// rest. A name that was made, moved or removed is so after a crash when its
// folder was synced; otherwise perhaps. A rename happens whole or not at all.
package crashfs

import (
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"valse/internal/disk"
)

// FS is a file system in memory. The zero value is empty but for its root, the
// folder "/".
type FS struct {
	// Fault, when not nil, is asked before every call; its error is the
	// call's. A write that fails has written half, as on a full disk.
	Fault func(op, name string) error
	// After, when not nil, is called after every call that changes something.
	After func(op, name string)
	// SkipSync makes a call of Sync or SyncDir do nothing when it says so: for
	// showing that the sync is needed.
	SkipSync func(op, name string) bool

	mu      sync.Mutex
	root    *node
	pending []change // to folders, not durable yet, in order
	temps   int
}

var _ disk.FS = (*FS)(nil)

// node is a file or a folder.
type node struct {
	entries map[string]*node // of a folder; nil for a file
	durable map[string]*node
	data    []byte
	synced  int // leading bytes of data that are durable
}

func newFolder() *node { return &node{entries: map[string]*node{}, durable: map[string]*node{}} }

// place is a name in a folder.
type place struct {
	folder *node
	name   string
}

// change is one change to one or two folders, which happens whole.
type change struct {
	from, to place // either may be without a folder
	moved    *node
}

// apply does a change to the entries that sel picks.
func (c change) apply(sel func(*node) map[string]*node) {
	if c.from.folder != nil && sel(c.from.folder)[c.from.name] == c.moved {
		delete(sel(c.from.folder), c.from.name)
	}
	if c.to.folder != nil {
		sel(c.to.folder)[c.to.name] = c.moved
	}
}

func now(n *node) map[string]*node     { return n.entries }
func durable(n *node) map[string]*node { return n.durable }

// do changes folders; it is durable when one of them is synced.
func (f *FS) do(c change) {
	c.apply(now)
	f.pending = append(f.pending, c)
}

// begin locks and asks for a fault.
func (f *FS) begin(op, name string) error {
	f.mu.Lock()
	if f.root == nil {
		f.root = newFolder()
	}
	if f.Fault != nil {
		if err := f.Fault(op, name); err != nil {
			return &fs.PathError{Op: op, Path: name, Err: err}
		}
	}
	return nil
}

// end unlocks and tells of a change.
func (f *FS) end(op, name string, err error) {
	f.mu.Unlock()
	if err == nil && f.After != nil {
		f.After(op, name)
	}
}

// find returns the node of a path.
func (f *FS) find(path string) (*node, error) {
	n := f.root
	for part := range strings.SplitSeq(strings.Trim(filepath.ToSlash(path), "/"), "/") {
		if part == "" {
			continue
		}
		if n = n.entries[part]; n == nil {
			return nil, &fs.PathError{Op: "find", Path: path, Err: fs.ErrNotExist}
		}
	}
	return n, nil
}

// place returns the folder and the name of a path, and what is there.
func (f *FS) place(path string) (place, *node, error) {
	folder, err := f.find(filepath.Dir(path))
	if err != nil {
		return place{}, nil, err
	}
	if folder.entries == nil {
		return place{}, nil, &fs.PathError{Op: "find", Path: path, Err: fs.ErrInvalid}
	}
	name := filepath.Base(path)
	return place{folder, name}, folder.entries[name], nil
}

// make puts a new node at a path that must be free.
func (f *FS) make(op, path string, n *node) (err error) {
	defer func() { f.end(op, path, err) }()
	if err := f.begin(op, path); err != nil {
		return err
	}
	to, there, err := f.place(path)
	if err != nil {
		return err
	}
	if there != nil {
		return &fs.PathError{Op: op, Path: path, Err: fs.ErrExist}
	}
	f.do(change{to: to, moved: n})
	return nil
}

// temp is a name that no other call got.
func (f *FS) temp(dir string) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.temps++
	return filepath.Join(dir, strconv.Itoa(1_000_000+f.temps))
}

// Mkdir implements [disk.FS].
func (f *FS) Mkdir(name string) error {
	if filepath.Clean(name) == "/" {
		return &fs.PathError{Op: "mkdir", Path: name, Err: fs.ErrExist}
	}
	return f.make("mkdir", name, newFolder())
}

// CreateTemp implements [disk.FS].
func (f *FS) CreateTemp(dir string) (disk.File, error) {
	n, name := &node{}, f.temp(dir)
	if err := f.make("create", name, n); err != nil {
		return nil, err
	}
	return &file{fs: f, name: name, node: n}, nil
}

// MkdirTemp implements [disk.FS].
func (f *FS) MkdirTemp(dir string) (string, error) {
	name := f.temp(dir)
	return name, f.make("mkdir", name, newFolder())
}

// Open implements [disk.FS].
func (f *FS) Open(name string) (disk.File, error) {
	defer f.mu.Unlock()
	if err := f.begin("open", name); err != nil {
		return nil, err
	}
	n, err := f.find(name)
	if err != nil {
		return nil, err
	}
	return &file{fs: f, name: name, node: n}, nil
}

// ReadDir implements [disk.FS].
func (f *FS) ReadDir(dir string) ([]fs.DirEntry, error) {
	defer f.mu.Unlock()
	if err := f.begin("readdir", dir); err != nil {
		return nil, err
	}
	n, err := f.find(dir)
	if err != nil {
		return nil, err
	}
	var entries []fs.DirEntry
	for _, name := range slices.Sorted(maps.Keys(n.entries)) {
		entries = append(entries, fs.FileInfoToDirEntry(info{name, n.entries[name]}))
	}
	return entries, nil
}

// Rename implements [disk.FS].
func (f *FS) Rename(from, to string) (err error) {
	defer func() { f.end("rename", to, err) }()
	if err := f.begin("rename", to); err != nil {
		return err
	}
	source, n, err := f.place(from)
	if err != nil {
		return err
	}
	target, there, err := f.place(to)
	if err != nil {
		return err
	}
	switch {
	case n == nil:
		return &fs.PathError{Op: "rename", Path: from, Err: fs.ErrNotExist}
	case there != nil && there.entries != nil:
		return &fs.PathError{Op: "rename", Path: to, Err: fs.ErrExist}
	}
	f.do(change{from: source, to: target, moved: n})
	return nil
}

// Link implements [disk.FS].
func (f *FS) Link(from, to string) error {
	f.mu.Lock()
	n, err := f.find(from)
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.make("link", to, n)
}

// RemoveAll implements [disk.FS].
func (f *FS) RemoveAll(name string) (err error) {
	defer func() { f.end("remove", name, err) }()
	if err := f.begin("remove", name); err != nil {
		return err
	}
	from, there, _ := f.place(name)
	if there != nil {
		f.do(change{from: from, moved: there})
	}
	return nil
}

// SyncDir implements [disk.FS].
func (f *FS) SyncDir(dir string) (err error) {
	defer func() { f.end("syncdir", dir, err) }()
	if err := f.begin("syncdir", dir); err != nil {
		return err
	}
	if f.SkipSync != nil && f.SkipSync("syncdir", dir) {
		return nil
	}
	folder, err := f.find(dir)
	if err != nil {
		return err
	}
	f.pending = slices.DeleteFunc(f.pending, func(c change) bool {
		touches := c.from.folder == folder || c.to.folder == folder
		if touches {
			c.apply(durable)
		}
		return touches
	})
	return nil
}

// Crash returns a file system as it may be when the power comes back after a
// cut now: random decides about everything that was not synced.
func (f *FS) Crash(random *rand.Rand) *FS {
	f.mu.Lock()
	defer f.mu.Unlock()
	after := &FS{root: newFolder(), temps: f.temps} // temporary files may be left
	if f.root == nil {
		return after
	}
	copies := map[*node]*node{}
	after.root = f.root.survive(random, copies)
	kept := random.IntN(3) // none, some, all of what folders had pending
	for _, c := range f.pending {
		if kept == 0 || kept == 1 && random.IntN(2) == 0 {
			continue
		}
		moved := change{from: c.from.in(random, copies), to: c.to.in(random, copies), moved: c.moved.survive(random, copies)}
		moved.apply(now)
	}
	after.root.settle(map[*node]bool{})
	return after
}

// in is the place after a crash.
func (p place) in(random *rand.Rand, copies map[*node]*node) place {
	if p.folder == nil {
		return place{}
	}
	return place{p.folder.survive(random, copies), p.name}
}

// survive copies what of a node is durable.
func (n *node) survive(random *rand.Rand, copies map[*node]*node) *node {
	if c, done := copies[n]; done {
		return c
	}
	if n.entries == nil {
		c := &node{data: n.data[:n.synced:n.synced]}
		copies[n] = c
		if rest := n.data[n.synced:]; len(rest) > 0 {
			kept := random.IntN(len(rest) + 1)
			c.data = append(c.data, rest[:kept]...)
			if random.IntN(2) == 0 { // the length was written, the rest was not
				c.data = append(c.data, make([]byte, len(rest)-kept)...)
			}
		}
		return c
	}
	c := newFolder()
	copies[n] = c
	for name, child := range n.durable {
		c.entries[name] = child.survive(random, copies)
	}
	return c
}

// settle makes everything durable.
func (n *node) settle(done map[*node]bool) {
	if done[n] {
		return
	}
	done[n] = true
	n.synced = len(n.data)
	if n.entries == nil {
		return
	}
	n.durable = maps.Clone(n.entries)
	for _, child := range n.entries {
		child.settle(done)
	}
}

// file is an open file.
type file struct {
	fs   *FS
	name string
	node *node
	at   int
}

// Name implements [disk.File].
func (f *file) Name() string { return f.name }

// Close implements [disk.File].
func (f *file) Close() error { return nil }

// Write implements [disk.File]; it appends.
func (f *file) Write(p []byte) (n int, err error) {
	defer func() { f.fs.end("write", f.name, err) }()
	if err := f.fs.begin("write", f.name); err != nil {
		f.node.data = append(f.node.data, p[:len(p)/2]...)
		return len(p) / 2, err
	}
	f.node.data = append(f.node.data, p...)
	return len(p), nil
}

// Sync implements [disk.File].
func (f *file) Sync() (err error) {
	defer func() { f.fs.end("sync", f.name, err) }()
	if err := f.fs.begin("sync", f.name); err != nil {
		return err
	}
	if f.fs.SkipSync == nil || !f.fs.SkipSync("sync", f.name) {
		f.node.synced = len(f.node.data)
	}
	return nil
}

// Read implements [disk.File].
func (f *file) Read(p []byte) (int, error) {
	n, err := f.ReadAt(p, int64(f.at))
	f.at += n
	if n > 0 {
		return n, nil
	}
	return n, err
}

// ReadAt implements [disk.File].
func (f *file) ReadAt(p []byte, at int64) (int, error) {
	defer f.fs.mu.Unlock()
	if err := f.fs.begin("read", f.name); err != nil {
		return 0, err
	}
	if at >= int64(len(f.node.data)) {
		return 0, io.EOF
	}
	n := copy(p, f.node.data[at:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// Stat implements [disk.File].
func (f *file) Stat() (fs.FileInfo, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	return info{filepath.Base(f.name), f.node}, nil
}

// info describes a node.
type info struct {
	name string
	node *node
}

func (i info) Name() string       { return i.name }
func (i info) Size() int64        { return int64(len(i.node.data)) }
func (i info) IsDir() bool        { return i.node.entries != nil }
func (i info) ModTime() time.Time { return time.Time{} }
func (i info) Sys() any           { return nil }

// Mode implements fs.FileInfo.
func (i info) Mode() fs.FileMode {
	if i.IsDir() {
		return fs.ModeDir | 0o755
	}
	return 0o644
}

// Flip changes one bit of a file, as a disk may.
func (f *FS) Flip(name string, bit int) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	n, err := f.find(name)
	if err == nil && (n.entries != nil || bit/8 >= len(n.data)) {
		err = fmt.Errorf("%s has no bit %d", name, bit)
	}
	if err != nil {
		return err
	}
	n.data = slices.Clone(n.data)
	n.data[bit/8] ^= 1 << (bit % 8)
	return nil
}
