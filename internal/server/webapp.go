package server

import (
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// webApp serves the files of the web app. Addresses that name no file are the
// app's own and get its page.
type webApp struct {
	files fs.FS
	serve http.Handler
}

func newWebApp(files fs.FS) *webApp {
	return &webApp{files: files, serve: http.FileServerFS(files)}
}

// ServeHTTP serves one file. Names below assets/ contain a hash of what is in
// the file, so that it never changes.
func (a *webApp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	info, err := fs.Stat(a.files, name)
	switch {
	case err == nil && !info.IsDir() && strings.HasPrefix(name, "assets/"):
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	case err == nil && !info.IsDir():
		w.Header().Set("Cache-Control", "no-cache")
	case path.Ext(name) != "" && !strings.Contains(r.Header.Get("Accept"), "text/html"), strings.HasPrefix(name, "api/"):
		http.Error(w, "not found", http.StatusNotFound)
		return
	default:
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeFileFS(w, r, a.files, "index.html")
		return
	}
	a.serve.ServeHTTP(w, r)
}
