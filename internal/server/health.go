package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"valse/store"
)

// readiness is the answer of /readyz.
type readiness struct {
	Ready bool `json:"ready"`
	// Store is "ok" or what is wrong with it.
	Store string `json:"store"`
	// Durability says what an acknowledged event survives.
	Durability string `json:"durability"`
	// ModelID is the published model; empty before the first.
	ModelID string `json:"modelId"`
	// TransportLag is how many accepted events the warehouse lacks; -1 when
	// that is not known. The warehouse being away leaves a server ready.
	TransportLag int64 `json:"transportLag"`
}

// ready tells whether the server can answer, and what it can promise.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	answer := readiness{Ready: true, Store: "ok", Durability: s.Store.Durability(), TransportLag: -1}
	if err := s.Store.Ping(ctx); err != nil {
		answer.Ready, answer.Store = false, "does not answer"
		s.Logger.WarnContext(ctx, "not ready", "error", err)
	}
	// A store behind a journal keeps its promise while its server is away.
	if behind, ok := s.Store.(interface{ Away() error }); ok && behind.Away() != nil {
		answer.Store = "away: writes wait in the journal, reads come from memory"
	}
	switch p, err := s.Store.Published(ctx); {
	case err == nil:
		answer.ModelID = p.ModelID
	case !errors.Is(err, store.ErrNotFound):
		answer.Ready = false
	}
	if lag, err := s.Pipeline.Lag(ctx); err == nil {
		answer.TransportLag = lag
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !answer.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(answer)
}
