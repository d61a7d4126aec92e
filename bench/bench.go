// Package bench compares valse with other libraries, and with itself, in one
// session.
//
// Each contestant is a child process that has loaded the same matrix and waits
// to be told to do one round: a sweep of training, say, or a batch of lists. The
// parent lets them take turns, so that whatever else the machine does meets all
// of them alike, and reads from each the processor time of the round and the
// peak of its memory. Processor time is what the ratios are made of: it holds to
// a tenth where time on the wall does not hold at all.
//
// Peers run from a virtual environment under the user's cache folder, which is
// made when it is missing; a peer that cannot be had is named and left out. The
// children speak lines of JSON over their standard streams (see [Job]), so a
// peer is one short script, in peers or, for Go modules, a folder of its own
// with its own go.mod.
package bench

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
)

// Options are what every benchmark takes.
type Options struct {
	Cache   string // folder of peers and matrices; default valse/bench under the user's cache folder
	Threads int    // of each contestant; default 1
	Rounds  int    // of each contestant; default 3
	Log     *slog.Logger
	Err     io.Writer // where contestants' own messages go; default nowhere
}

func (o Options) withDefaults() (Options, error) {
	if o.Cache == "" {
		root, err := os.UserCacheDir()
		if err != nil {
			return o, fmt.Errorf("find the cache folder: %w", err)
		}
		o.Cache = filepath.Join(root, "valse", "bench")
	}
	o.Threads, o.Rounds = max(1, o.Threads), max(1, o.Rounds)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Err == nil {
		o.Err = io.Discard
	}
	return o, os.MkdirAll(o.Cache, 0o755)
}
