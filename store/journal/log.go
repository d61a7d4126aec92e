package journal

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"valse/internal/disk"
)

// segmentBytes is the size above which a new segment is begun.
const segmentBytes = 16 << 20

// damagedSuffix is how the names of kept copies of damaged segments end.
const damagedSuffix = ".damaged"

// suffix is how segments' names end; before it is the number of the first
// frame.
const suffix = ".seg"

// log is a list of frames in the files of one folder. A frame is on disk when
// append returns; after a crash the log ends with the last of those or with one
// that was being written. Append has one caller at a time, as have read, trim
// and rewrite together.
type log struct {
	fs     disk.FS
	folder string

	mu       sync.Mutex
	segments []segment // oldest first; all but the active one are sealed
	active   disk.File // of the last segment; nil when a new one has to be begun
	next     uint64    // number of the frame to come

	// damage names what open found changed behind our back.
	damage []string
}

// segment is one file of the log.
type segment struct {
	name        string
	first, last uint64 // numbers of its frames; last < first when it has none
	size        int64  // of what is on disk
}

// openLog opens the log in a folder. A frame cut off by a crash is dropped; a
// segment damaged otherwise is kept under another name, and what is whole of
// it stays.
func openLog(files disk.FS, folder string) (*log, error) {
	l := &log{fs: files, folder: folder, next: 1}
	entries, err := files.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := entry.Name()
		if _, err := strconv.ParseUint(name, 10, 64); err == nil { // a temporary file
			if err := files.RemoveAll(l.path(name)); err != nil {
				return nil, err
			}
		}
		first, err := strconv.ParseUint(strings.TrimSuffix(name, suffix), 10, 64)
		if err != nil || segmentName(first) != name {
			continue
		}
		s, err := l.recover(first)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", l.path(name), err)
		}
		l.segments = append(l.segments, s)
		l.next = max(l.next, first+1, s.last+1)
	}
	slices.SortFunc(l.segments, func(a, b segment) int { return strings.Compare(a.name, b.name) })
	return l, nil
}

func segmentName(first uint64) string { return fmt.Sprintf("%016d%s", first, suffix) }

func (l *log) path(name string) string { return filepath.Join(l.folder, name) }

// frame is one frame of a segment.
type frame struct {
	number  uint64
	payload []byte
}

// recover reads a segment that an earlier process wrote and seals it, if that
// process could not.
func (l *log) recover(first uint64) (segment, error) {
	name := segmentName(first)
	data, err := l.readFile(name, -1)
	if err != nil {
		return segment{}, err
	}
	frames, sealed, fault := parse(data)
	if fault != "" {
		l.damage = append(l.damage, name+": "+fault)
		err := l.fs.Link(l.path(name), l.path(name+damagedSuffix))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return segment{}, err
		}
	}
	if fault == "" && sealed {
		return newSegment(name, first, frames, int64(len(data))), nil
	}
	return l.replace(first, frames)
}

// parse reads the frames of a segment. It is sealed when it was ended in order.
// The fault says what is wrong with it other than a frame cut off at the end.
func parse(data []byte) (frames []frame, sealed bool, fault string) {
	rest := data
	if err := checkHeader(data); err != nil {
		fault = err.Error()
	} else {
		rest = data[headerSize:]
	}
	for len(rest) > 0 {
		number, payload, after, err := cutFrame(rest)
		switch {
		case err == nil && len(payload) == 0:
			sealed, rest = true, after
		case err == nil:
			frames, sealed, rest = append(frames, frame{number, payload}), false, after
		default:
			next := nextFrame(rest)
			if next < 0 {
				return frames, false, fault // cut off, or the seal is
			}
			if fault == "" {
				fault = fmt.Sprintf("%d bytes after frame %d are damaged", next, lastNumber(frames))
			}
			rest = rest[next:]
		}
	}
	return frames, sealed, fault
}

func lastNumber(frames []frame) uint64 {
	if len(frames) == 0 {
		return 0
	}
	return frames[len(frames)-1].number
}

func newSegment(name string, first uint64, frames []frame, size int64) segment {
	return segment{name: name, first: first, last: max(first-1, lastNumber(frames)), size: size}
}

// replace writes a whole segment, sealed, in the place of what has its name.
func (l *log) replace(first uint64, frames []frame) (segment, error) {
	data := header()
	for _, f := range frames {
		data = appendFrame(data, f.number, f.payload)
	}
	data = appendFrame(data, lastNumber(frames), nil)
	file, err := l.create(segmentName(first), data)
	if err != nil {
		return segment{}, err
	}
	return newSegment(segmentName(first), first, frames, int64(len(data))), file.Close()
}

// create makes a file with some contents durable under its name and leaves it
// open.
func (l *log) create(name string, data []byte) (disk.File, error) {
	file, err := l.fs.CreateTemp(l.folder)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = l.fs.Rename(file.Name(), l.path(name))
	}
	if err == nil {
		err = l.fs.SyncDir(l.folder)
	}
	if err != nil {
		l.fs.RemoveAll(file.Name())
		return nil, disk.CloseAfter(file, err)
	}
	return file, nil
}

// readFile reads a file, or its first size bytes.
func (l *log) readFile(name string, size int64) ([]byte, error) {
	file, err := l.fs.Open(l.path(name))
	if err != nil {
		return nil, err
	}
	var from io.Reader = file
	if size >= 0 {
		from = io.LimitReader(file, size)
	}
	data, err := io.ReadAll(from)
	return data, disk.CloseAfter(file, err)
}

// append makes a frame durable and returns its number. After an error the frame
// may be there or not; the next goes into a new segment, since a file that
// could not be synced once can say anything the next time.
func (l *log) append(payload []byte) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := l.next
	l.next++
	if l.active != nil && l.segments[len(l.segments)-1].size >= segmentBytes {
		if err := l.seal(); err != nil {
			return 0, err
		}
	}
	if l.active == nil {
		file, err := l.create(segmentName(number), header())
		if err != nil {
			return 0, err
		}
		l.active = file
		l.segments = append(l.segments, segment{name: segmentName(number), first: number, last: number - 1, size: int64(headerSize)})
	}
	return number, l.write(number, payload)
}

// write writes one frame to the active segment.
func (l *log) write(number uint64, payload []byte) error {
	framed := appendFrame(make([]byte, 0, headSize+len(payload)), number, payload)
	_, err := l.active.Write(framed)
	if err == nil {
		err = l.active.Sync()
	}
	if err != nil {
		err = disk.CloseAfter(l.active, err)
		l.active = nil
		return err
	}
	s := &l.segments[len(l.segments)-1]
	s.size += int64(len(framed))
	if len(payload) > 0 {
		s.last = number
	}
	return nil
}

// seal ends the active segment.
func (l *log) seal() error {
	if l.active == nil {
		return nil
	}
	if err := l.write(l.segments[len(l.segments)-1].last, nil); err != nil {
		return err
	}
	file := l.active
	l.active = nil
	return file.Close()
}

// numberFrom has the frames to come numbered from number on at least: a log that
// was trimmed of all its segments does not know how many there have been.
func (l *log) numberFrom(number uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = max(l.next, number)
}

// end is the number of the last frame.
func (l *log) end() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.next - 1
}

// list returns the segments as they are now.
func (l *log) list() []segment {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.segments)
}

// read calls f with every frame above a number, in order, as far as the log
// reached when it began.
func (l *log) read(after uint64, f func(number uint64, payload []byte) error) error {
	for _, s := range l.list() {
		if s.last <= after {
			continue
		}
		data, err := l.readFile(s.name, s.size)
		if err != nil {
			return err
		}
		frames, _, fault := parse(data)
		if fault != "" {
			return fmt.Errorf("%s: %s", s.name, fault)
		}
		for _, frame := range frames {
			if frame.number > after {
				if err := f(frame.number, frame.payload); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// trim removes the segments that hold nothing above a number.
func (l *log) trim(through uint64) error {
	for _, s := range l.list() {
		if s.last > through || l.isActive(s) {
			continue
		}
		if err := l.fs.RemoveAll(l.path(s.name)); err != nil {
			return err
		}
		l.forget(s)
	}
	return nil
}

func (l *log) isActive(s segment) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.active != nil && s.name == l.segments[len(l.segments)-1].name
}

func (l *log) forget(s segment) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.segments = slices.DeleteFunc(l.segments, func(other segment) bool { return other.name == s.name })
}

// rewrite replaces the payloads that change says are to change, everywhere.
func (l *log) rewrite(change func(payload []byte) (to []byte, changed bool, err error)) error {
	l.mu.Lock()
	err := l.seal()
	l.mu.Unlock()
	if err != nil {
		return err
	}
	for _, s := range l.list() {
		if l.isActive(s) {
			continue // begun since, and so after what is to be changed
		}
		if err := l.rewriteSegment(s, change); err != nil {
			return fmt.Errorf("rewrite %s: %w", s.name, err)
		}
	}
	return nil
}

func (l *log) rewriteSegment(s segment, change func([]byte) ([]byte, bool, error)) error {
	data, err := l.readFile(s.name, s.size)
	if err != nil {
		return err
	}
	frames, _, fault := parse(data)
	if fault != "" {
		return errors.New(fault)
	}
	any := false
	for n := range frames {
		payload, changed, err := change(frames[n].payload)
		if err != nil {
			return err
		}
		if changed {
			frames[n].payload, any = payload, true
		}
	}
	if !any {
		return nil
	}
	now, err := l.replace(s.first, frames)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := slices.IndexFunc(l.segments, func(other segment) bool { return other.name == s.name }); at >= 0 {
		l.segments[at] = now
	}
	return nil
}

// close seals and closes the log.
func (l *log) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seal()
}
