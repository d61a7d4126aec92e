// Package store is the online half's memory: products, users, interactions
// and what is derived from them for serving.
//
// It holds the domain types, the sentinel errors and the roles a store plays,
// one interface each, composed in [Store]. Implementations live beside it
// (store/sqlite embedded, store/redis scaled out), translate their library's
// errors into the sentinels and pass the one suite in store/storetest.
//
// Invariants every implementation keeps:
//
//   - An interaction is appended once: the pair (user, event id) decides. What
//     follows from it (history, latest rating, day counts, log entry) changes
//     in the same atomic step, and the call returns only when that step is as
//     durable as the store can make it.
//   - A log shard's sequence numbers grow by one, without gaps a reader could
//     mistake for the end: a reader that has seen n never later finds a new
//     entry at or below n.
//   - Everything lies under one partition; two partitions share nothing.
//   - No call scans without a bound, save those documented as bulk reads for
//     offline work.
package store
