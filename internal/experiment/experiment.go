// Package experiment compares two models or two rule books on live people, and
// says which is better and how sure that is.
//
// A SPLIT shows each user the lists of one arm: who sees which is decided by a
// hash of the user's id, salted by the experiment, so that it is stable within
// one and unrelated between two. An INTERLEAVE drafts the user's own list from
// both arms in turns and counts whose products are chosen; it needs far fewer
// people, but speaks of that list only.
//
// Experiments are settings of the store: see [Registry]. What happened under
// each arm is counted by the store as events arrive (package trace), so a
// verdict is a reading of counts, whenever one looks.
package experiment

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"time"

	"valse/internal/trace"
	"valse/store"
)

// Kind says how arms share people.
type Kind string

// The kinds of experiment.
const (
	Split      Kind = "SPLIT"      // each user sees one arm
	Interleave Kind = "INTERLEAVE" // each list is drafted from both
)

// Experiment compares arm 0, what serves now, with arm 1, what might.
type Experiment struct {
	ID   int    `json:"id"` // 1, 2, 3, …
	Name string `json:"name"`
	Kind Kind   `json:"kind"`
	Arms [2]Arm `json:"arms"`
	// Goal is the step after an impression that decides.
	Goal trace.Step `json:"goal"`
	// MinimumEffect is the relative difference worth finding, like 0.1; the
	// verdict is sharpest for it. It must not be changed after the start.
	MinimumEffect float64   `json:"minimumEffect"`
	StartedAt     time.Time `json:"startedAt"`
	StoppedAt     time.Time `json:"stoppedAt,omitzero"` // zero while it runs
	// Verdict is what was known when it stopped.
	Verdict *Verdict `json:"verdict,omitempty"`
}

// Arm is one side. Arms of a split may have different shares; what is left of
// the users is not in the experiment.
type Arm struct {
	// ModelID of the arm; empty for what is published.
	ModelID string `json:"modelId,omitempty"`
	// Rules is the version of the arm's rule book; 0 for the one in force.
	Rules int64 `json:"rules,omitempty"`
	// Share of the users, above 0; of an interleave, the shares' sum takes part.
	Share float64 `json:"share"`
}

// Running reports whether it has not been stopped.
func (e *Experiment) Running() bool { return e != nil && e.StoppedAt.IsZero() }

// validate checks what was asked for.
func (e *Experiment) validate() error {
	bad := func(field, value, want string) error { return &store.Invalid{Field: field, Value: value, Want: want} }
	switch {
	case e.Name == "" || len(e.Name) > 200:
		return bad("name", e.Name, "1 to 200 bytes")
	case e.Kind != Split && e.Kind != Interleave:
		return bad("kind", string(e.Kind), "SPLIT or INTERLEAVE")
	case e.Goal != trace.ClickStep && e.Goal != trace.CartStep && e.Goal != trace.PurchaseStep:
		return bad("goal", string(e.Goal), "CLICK, CART or PURCHASE")
	case !(e.MinimumEffect >= 0.01 && e.MinimumEffect <= 1):
		return bad("minimumEffect", fmt.Sprint(e.MinimumEffect), "a number from 0.01 to 1")
	case e.Arms[0].ModelID == e.Arms[1].ModelID && e.Arms[0].Rules == e.Arms[1].Rules:
		return bad("arms", e.Arms[0].ModelID, "two arms that differ in model or rules")
	}
	for i, a := range e.Arms {
		field := fmt.Sprintf("arms[%d].", i)
		switch {
		case !(a.Share > 0 && a.Share < 1):
			return bad(field+"share", fmt.Sprint(a.Share), "a number above 0 and below 1")
		case a.Rules < 0:
			return bad(field+"rules", fmt.Sprint(a.Rules), "a version of the rule book")
		}
	}
	if sum := e.Arms[0].Share + e.Arms[1].Share; sum > 1+1e-9 {
		return bad("arms", fmt.Sprint(sum), "shares that add up to at most 1")
	}
	return nil
}

// Arm is the arm of a user in a split, or 0 for one who takes part in an
// interleave. It is false for who is not in the experiment.
func (e *Experiment) Arm(userID string) (arm int, in bool) {
	if !e.Running() || userID == "" {
		return 0, false
	}
	place := uniform(e.ID, "arm", userID)
	for i, a := range e.Arms {
		if place < a.Share {
			if e.Kind == Interleave {
				i = 0
			}
			return i, true
		}
		place -= a.Share
	}
	return 0, false
}

// Coin returns a coin for drafting one list. The same user in the same state
// gets the same throws, so that a list does not change by being asked for again.
func (e *Experiment) Coin(userID, state string) func() bool {
	throw := 0
	return func() bool {
		throw++
		return uniform(e.ID, "coin", fmt.Sprintf("%d\x00%s\x00%s", throw, userID, state)) < 0.5
	}
}

// uniform hashes to 0 up to 1: stable for the same words, unrelated otherwise.
func uniform(experiment int, purpose, words string) float64 {
	h := fnv.New64a()
	h.Write(binary.AppendVarint([]byte(purpose), int64(experiment)))
	h.Write([]byte(words))
	return float64(mix(h.Sum64())>>11) * 0x1p-53
}

// mix spreads what FNV leaves in its low bits over all (the finaliser of
// MurmurHash3).
func mix(h uint64) uint64 {
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

// scale is the minimum effect on the logarithmic scale of verdicts.
func (e *Experiment) scale() float64 { return math.Log1p(e.MinimumEffect) }
