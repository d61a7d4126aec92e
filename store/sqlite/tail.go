package sqlite

import (
	"sync"

	"valse/store"
)

// tailSize bounds the entries of a tail: some tens of megabytes.
const tailSize = 200_000

// tailPiece is how many entries are kept together when they come one by one.
const tailPiece = 512

// tail holds the newest entries of the log as they were committed, so that a
// transporter that keeps up need not read back from the file what was written
// to it a moment ago. It begins with the first reader, gives up what a reader
// has passed, and begins anew after what it cannot know: entries of another
// process, or an erasure of somebody whose entries it may hold.
type tail struct {
	mu       sync.Mutex
	wanted   bool                  // somebody reads the log
	erasure  int64                 // the last one when it began
	from, to int64                 // it holds every entry after from, up to to
	pieces   [][]store.Interaction // in order, none empty
	size     int                   // entries in all of them
}

// add follows a commit with what that has added to the log, and keeps it.
func (t *tail) add(entries []store.Interaction) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.wanted || len(entries) == 0 {
		return
	}
	if before := entries[0].Seq - 1; before != t.to {
		t.begin(before)
	}
	t.to = entries[len(entries)-1].Seq
	t.size += len(entries)
	switch last := len(t.pieces) - 1; {
	case len(entries) >= tailPiece:
		t.pieces = append(t.pieces, entries)
	case last >= 0 && len(t.pieces[last])+len(entries) <= cap(t.pieces[last]):
		t.pieces[last] = append(t.pieces[last], entries...)
	default:
		t.pieces = append(t.pieces, append(make([]store.Interaction, 0, tailPiece), entries...))
	}
	for t.size > tailSize {
		t.dropFirst()
	}
}

// after returns up to limit entries after a sequence number, if it has all of
// them up to end, the last number given. erasure is the last one there was.
func (t *tail) after(seq int64, limit int, end, erasure int64) (entries []store.Interaction, known bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.wanted || erasure != t.erasure {
		t.wanted, t.erasure = true, erasure
		t.begin(t.to)
	}
	if seq < t.from || t.to < end {
		return nil, false
	}
	for len(t.pieces) > 0 && last(t.pieces[0]).Seq <= seq {
		t.dropFirst()
	}
	entries = make([]store.Interaction, 0, min(limit, t.size))
	for _, piece := range t.pieces {
		for n := range piece {
			if len(entries) == limit {
				return entries, true
			}
			if piece[n].Seq > seq {
				entries = append(entries, piece[n])
			}
		}
	}
	return entries, true
}

// begin forgets everything: what comes next follows from.
func (t *tail) begin(from int64) {
	t.from, t.pieces, t.size = from, nil, 0
}

func (t *tail) dropFirst() {
	t.from = last(t.pieces[0]).Seq
	t.size -= len(t.pieces[0])
	t.pieces[0] = nil
	t.pieces = t.pieces[1:]
}

func last(piece []store.Interaction) *store.Interaction { return &piece[len(piece)-1] }
