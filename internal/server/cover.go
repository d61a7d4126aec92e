package server

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"valse/internal/cover"
	"valse/store"
)

// cover draws the picture of a product that has none of its own. That of a
// hidden one has its title and is for admins only.
func (s *Server) cover(w http.ResponseWriter, r *http.Request) {
	id, ok := strings.CutSuffix(chi.URLParam(r, "*"), ".svg")
	if r.URL.RawPath != "" { // then the router left the name escaped
		if plain, err := url.PathUnescape(id); err == nil {
			id = plain
		}
	}
	if !ok {
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	product, err := s.Store.Product(r.Context(), id)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && product.Hidden && s.sessions.adminProof(r) == "":
		http.Error(w, "not found", http.StatusNotFound)
		return
	case errors.Is(err, store.ErrUnavailable):
		storeAway(w)
		return
	case err != nil:
		s.Logger.ErrorContext(r.Context(), "cover", "product", id, "error", err)
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	picture := cover.SVG(product)
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	if h.Set("Cache-Control", "public, max-age=86400"); product.Hidden {
		h.Set("Cache-Control", "no-store")
	}
	h.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(picture))[:18]+`"`)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(picture))
}
