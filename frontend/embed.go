// Package frontend carries the web app inside the binary.
//
// Vite builds it into dist/app, which is not committed; the tracked page
// dist/index.html stands in for it, so that the module compiles without Node.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

//go:embed src/*/*.graphql src/playground/queries/*.graphql
var documents embed.FS

// Documents returns every GraphQL document that the web app sends, a folder for
// each of its parts.
func Documents() fs.FS {
	root, err := fs.Sub(documents, "src")
	if err != nil {
		panic(err) // the path is a constant
	}
	return root
}

// FS returns the files of the web app with index.html at its root: the built
// app, or a single page that says how to build it.
func FS() fs.FS {
	for _, dir := range []string{"dist/app", "dist"} {
		root, err := fs.Sub(dist, dir)
		if err != nil {
			continue
		}
		if _, err := fs.Stat(root, "index.html"); err == nil {
			return root
		}
	}
	return dist
}
