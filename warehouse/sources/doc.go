// Package sources reads outside formats into a store: MovieLens, Online
// Retail, CSV, JSON Lines and Parquet.
//
// A [Source] knows one format. It opens an [Input] and hands what it reads to
// a [Pass], row by row, each with its [Place]; what it cannot read it hands
// over as a [Reject]. Everything else is the same for all formats and happens
// once, in the pass: opening files (gzip or not), checking rows, making event
// ids, batching, counting and reporting.
//
// Unless told to continue on error, [Import] checks all before it applies
// anything, and applies nothing if a single row is rejected. What fits in
// memory is read once; a larger input is read again to be applied. Importing
// twice changes nothing, since the same row always gets the same event id.
//
// To add a format, add a file with a type that implements Source and name it
// in registry.go.
package sources
