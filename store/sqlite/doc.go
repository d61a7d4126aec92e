// Package sqlite is the embedded [store.Store]: one SQLite file per partition,
// in pure Go, with nothing to install or run beside it.
//
// Writes go through one goroutine that takes every waiting request, runs all of
// them in one transaction and commits once, so that the cost of reaching the
// disk is shared by however many wait for it; appends of one group are merged
// into a single batch. A request is answered after the commit that holds it,
// and the commit is durable (write-ahead log, synchronous=FULL). Reads use a
// pool of connections of their own and never wait for the writer.
//
// Several processes may open the same file: the transaction that decides
// (append once, leases, claims of runs, sequence numbers) begins by taking the
// file's write lock, so what holds between goroutines holds between processes.
// Notices stay within the process, but the writer looks once a second whether
// another process changed the file.
//
// The schema is in migrations/, applied when a file is opened. Users, products
// and models have short integer keys where rows are many; histories and latest
// ratings are indices over the one table of interactions, not copies of it.
package sqlite
