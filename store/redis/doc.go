// Package redis keeps a [store.Store] on a Redis server, version 6.2 or later,
// with core commands only: no modules, no Functions, no KEYS.
//
// # Parts
//
// Every key lies under its partition and carries a hash tag, so that whatever
// changes together lies in one cluster slot: users and all that is theirs on
// sixteen shards, the catalogue in one slot, control data (runs, leases,
// publications, settings, erasures) in another. KEYS.md lists each key, its
// type and who writes it.
//
// A mutation is one Lua script in one slot (scripts/*.lua), idempotent, run by
// its digest. Appends have a script of their own; products, users and runs
// share put.lua, which replaces a record and its index entries if the record
// is still the one the change was computed from, and the caller tries again
// when it is not (see table.go). Text is therefore taken apart in Go only.
//
// # Invariants
//
//   - All processes of a partition may write at once: scripts compare before
//     they set, and leases count time by the server's clock.
//   - The client's retries are off, but a write may still come twice, from a
//     caller or from a cluster client whose node fails: every mutation answers
//     a repetition with what is there.
//   - Scripts touch only the keys they are given.
//   - Reads for a page cost what the page costs, not what the table holds;
//     searches are bounded as listing.go says.
package redis
