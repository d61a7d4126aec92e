// Package engine turns interactions into a model and a model into lists.
//
// Offline, [Train] maps a columnar set of events to a [Model]: an immutable
// pair of factor tables with its settings and metrics. [Evaluate] measures
// settings on held-out events beside baselines, and [Search] keeps the best
// point of a grid. [Together] and [NewPopularity] count what needs no model.
//
// Online, a [Recommender] joins a [Ranker] (one model, prepared), a [Catalogue]
// (what may be listed), a [Popularity] and [Pairs], and answers Recommend,
// Similar, Explain and FoldIn from memory. All are values that readers share;
// a newer one replaces them whole. Products are numbered once: those of the
// model first, in its order, so that a row of a factor table, a product of the
// catalogue and a bit of a mask are the same number.
//
// What a user did is read by one reader in training and in folding in, so that
// a history means the same to both.
//
// The mathematics lives below in als (solvers), topk (retrieval) and eval
// (splits and metrics), which know opaque indices only. This package knows
// products and users, and keeps no clock, disk or network.
package engine
