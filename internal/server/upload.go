package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"valse/internal/pipeline"
	"valse/store"
)

// keepUploads is how long a file waits for its import.
const keepUploads = 7 * 24 * time.Hour

// uploads keeps uploaded files in a folder each, named by their id.
type uploads struct {
	dir   string
	limit int64
	clock func() time.Time
}

func newUploads(dataDir string, limit int64, clock func() time.Time) (*uploads, error) {
	u := &uploads{dir: filepath.Join(dataDir, "uploads"), limit: limit, clock: clock}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return nil, fmt.Errorf("open uploads: %w", err)
	}
	return u, nil
}

// Upload finds a file that was uploaded. store.ErrNotFound.
func (u *uploads) Upload(_ context.Context, id string) (pipeline.ImportFile, error) {
	if _, err := uuid.Parse(id); err != nil {
		return pipeline.ImportFile{}, fmt.Errorf("upload %q: %w", id, store.ErrNotFound)
	}
	dir := filepath.Join(u.dir, id)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		return pipeline.ImportFile{}, fmt.Errorf("upload %q: %w", id, store.ErrNotFound)
	}
	name := entries[0].Name()
	return pipeline.ImportFile{Name: name, Path: filepath.Join(dir, name)}, nil
}

// keep writes a file as it comes in and returns its id and size.
func (u *uploads) keep(name string, from io.Reader) (id string, size int64, err error) {
	u.prune()
	id = uuid.NewString()
	dir := filepath.Join(u.dir, id)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(file, from)
	return id, size, errors.Join(err, file.Close())
}

// prune removes files that nobody imported.
func (u *uploads) prune() {
	entries, err := os.ReadDir(u.dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && u.clock().Sub(info.ModTime()) > keepUploads {
			_ = os.RemoveAll(filepath.Join(u.dir, entry.Name()))
		}
	}
}

// upload answers POST /api/uploads: a form with one file, or the file itself
// with its name in the query.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	if s.sessions.adminProof(r) == "" {
		http.Error(w, "sign in to the studio first", http.StatusForbidden)
		return
	}
	allowLongBody(w, r)
	r.Body = http.MaxBytesReader(w, r.Body, s.uploads.limit)
	name, body, err := uploadedFile(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	id, size, err := s.uploads.keep(name, body)
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		http.Error(w, fmt.Sprintf("the file has more than %d bytes", tooLarge.Limit), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		s.Logger.ErrorContext(r.Context(), "upload", "name", name, "error", err)
		http.Error(w, "the file could not be kept", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"uploadId": id, "name": name, "bytes": size})
}

// uploadedFile finds the file in a request and a harmless name for it.
func uploadedFile(r *http.Request) (name string, body io.Reader, err error) {
	name, body = r.URL.Query().Get("name"), r.Body
	if mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); mediaType == "multipart/form-data" {
		parts, err := r.MultipartReader()
		if err != nil {
			return "", nil, err
		}
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, errors.New("the form has no file")
		}
		name, body = part.FileName(), part
	}
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || name == ".." || len(name) > 200 || strings.ContainsRune(name, 0) {
		return "", nil, errors.New("the file has no name of up to 200 bytes: send a form, or ?name=")
	}
	return name, body, nil
}
