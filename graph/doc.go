// Package graph is the product's one API: a GraphQL schema in schema/, thin
// resolvers over store, live engine and pipeline, and the HTTP handler that
// speaks it over POST, GET, server-sent events and WebSocket.
//
// A resolver decodes its arguments, makes one call and encodes the answer. What
// several fields of one response need (products and users by id, the viewer's
// ratings, numbers of products) is loaded in batches, see loaders. Business
// errors of a mutation are userErrors of its payload; everything else goes
// through one presenter that gives it a code, see errors.go.
//
// Who asks is an [Identity] in the context; the @auth directive refuses fields
// to lesser roles, and a consumer speaks for itself only. Package server makes
// identities from cookies and keys.
//
// Before a document is validated a guard refuses what would cost too much to
// look at, see guard.go; [Limits] has the bounds. Lists and receipts whose every
// selected field can be read off the resolver's value are written in one go, see
// direct.go.
package graph

//go:generate go tool gqlgen generate
