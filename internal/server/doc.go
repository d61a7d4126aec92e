// Package server is the process's face on the network: the GraphQL handler of
// package graph behind sessions and keys, the web app, generated covers,
// uploads, health and metrics, under one router with one set of limits and
// security headers.
//
// Consumers and admins prove who they are with signed cookies or viewer tokens
// (JSON Web Tokens, HS256, with a secret that all servers of a partition agree
// on in the store), other servers with API keys. See session.go and key.go.
package server
