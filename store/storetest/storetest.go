// Package storetest is the conformance suite of [store.Store]: what the
// contracts say, sentence by sentence, as checks that every implementation
// runs against itself.
//
// An implementation hands [Run] a function that makes an empty place (a
// temporary folder, a key prefix of a test server); the suite opens partitions
// in it, more than once at a time where processes share a store. Each check
// gets a place of its own. Where a contract leaves the order of answers open,
// the suite sorts before it compares; where it says nothing, the suite is
// silent too.
package storetest

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"valse/store"
)

// Backend opens the store of one partition in one place. Opening a partition
// that is open or was opened before reaches the same data, as another process
// would. The suite closes what it opens.
type Backend func(t testing.TB, partition string) store.Store

// Run runs the whole suite; fresh makes an empty place for one check.
func Run(t *testing.T, fresh func(t testing.TB) Backend) {
	for _, role := range []struct {
		name   string
		checks []check
	}{
		{"Catalog", catalogChecks},
		{"Listing", listingChecks},
		{"Users", userChecks},
		{"Append", appendChecks},
		{"Log", logChecks},
		{"History", historyChecks},
		{"Ratings", ratingChecks},
		{"Counts", countChecks},
		{"Credits", creditChecks},
		{"Lists", listChecks},
		{"Publications", publicationChecks},
		{"Leases", leaseChecks},
		{"Runs", runChecks},
		{"Settings", settingChecks},
		{"Actions", actionChecks},
		{"Notices", noticeChecks},
		{"Stamps", stampChecks},
		{"Erasure", eraseChecks},
		{"Merge", mergeChecks},
		{"Ids", idChecks},
		{"Partitions", partitionChecks},
		{"Model", modelChecks},
	} {
		t.Run(role.name, func(t *testing.T) {
			for _, c := range role.checks {
				t.Run(c.name, func(t *testing.T) { c.run(newSubject(t, fresh(t))) })
			}
		})
	}
}

// check is one sentence about a store.
type check struct {
	name string
	run  func(u *subject)
}

// subject is the store under test and the test it is under. Its methods, kept
// beside the checks of their role, fail the test on any error.
type subject struct {
	t       rapid.TB // the test, or one round of a property within it
	test    *testing.T
	ctx     context.Context
	s       store.Store
	backend Backend
}

// newSubject opens the partition that most checks need only one of.
func newSubject(t *testing.T, backend Backend) *subject {
	u := &subject{t: t, test: t, ctx: t.Context(), backend: backend}
	u.s = u.open("main").s
	return u
}

// open opens a partition for the length of the test.
func (u *subject) open(partition string) *subject {
	u.t.Helper()
	s := u.backend(u.test, partition)
	// A check may close the store itself, so the second error says nothing.
	u.test.Cleanup(func() { s.Close() })
	return &subject{t: u.t, test: u.test, ctx: u.ctx, s: s, backend: u.backend}
}

// ok fails the test when what was done ended in an error.
func (u *subject) ok(what string, err error) {
	u.t.Helper()
	if err != nil {
		u.t.Fatalf("%s: %v", what, err)
	}
}
