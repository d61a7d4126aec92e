// Package engine turns interactions into a model and a model into lists.
//
// [Train] maps a columnar set of events to a [Model]: an immutable pair of
// factor tables with its settings and metrics. A [Recommender] joins one model
// with one view of the catalogue and of what is popular, and answers
// Recommend, Similar, Explain and FoldIn from memory. Both are values that
// readers share; a newer one replaces them whole.
//
// The mathematics lives below in als (solvers), topk (retrieval) and eval
// (splits and metrics), which know opaque indices only. This package knows
// products and users, and keeps no clock, disk or network.
package engine
