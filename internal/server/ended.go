package server

import (
	"context"
	"errors"
	"strings"
	"time"

	"valse/graph"
	"valse/store"
)

// A session's token stays well signed when its owner signs out; so that a copy
// of it is worth nothing then, the store keeps which sessions have ended, until
// their tokens expire by themselves.
const endedSettings = "ended/"

// Proofs are named session/ID, admin/ID/TOKEN or key/ID.
const (
	sessionMark = "session/"
	adminMark   = "admin/"
	keyProofOf  = "key/"
)

// sessionProof names what a session's token proves; empty for tokens that
// nobody can end: a visitor's, and viewer tokens, which run out.
func sessionProof(c claims) string {
	switch {
	case c.ID == "":
		return ""
	case c.Proof != "":
		return adminMark + c.ID + "/" + c.Proof
	}
	return sessionMark + c.ID
}

func keyProof(id string) string { return keyProofOf + id }

// lasts reports whether a proof holds, as far as this server was told in the
// last few seconds.
func (s *sessions) lasts(ctx context.Context, proof string) bool {
	if proof == "" {
		return true
	}
	if _, ok := s.checked.get(proof); ok {
		return true
	}
	if !s.holds(ctx, proof) {
		return false
	}
	s.checked.put(proof, true)
	return true
}

// holds asks the store whether a proof holds. While the store does not answer,
// nothing is ended.
func (s *sessions) holds(ctx context.Context, proof string) bool {
	kind, rest, _ := strings.Cut(proof, "/")
	id, token, _ := strings.Cut(rest, "/")
	if kind+"/" == keyProofOf {
		_, err := s.keys.load(ctx, id)
		return !isGone(err)
	}
	if kind+"/" == adminMark {
		if now, err := s.admin.proof(ctx); err == nil && now != token {
			return false
		}
	}
	_, err := s.settings.Setting(ctx, endedSettings+id)
	return err != nil
}

// end ends a session everywhere: here at once, on other servers within recheck.
func (s *sessions) end(ctx context.Context, proof string, valid time.Duration) error {
	if proof == "" {
		return nil
	}
	_, rest, _ := strings.Cut(proof, "/")
	id, _, _ := strings.Cut(rest, "/")
	until := s.clock().Add(valid).UTC().Format(time.RFC3339)
	if err := s.settings.PutSetting(ctx, endedSettings+id, []byte(until)); err != nil {
		return err
	}
	s.checked.drop(proof)
	s.bonds.end(proof)
	if last, now := s.forgot.Load(), s.clock().Unix(); now-last >= int64(forgetEvery/time.Second) && s.forgot.CompareAndSwap(last, now) {
		return s.forget(ctx)
	}
	return nil
}

// forgetEvery is how often a server looks for ended sessions to forget: it reads
// each of them.
const forgetEvery = time.Hour

// forget removes what was kept of sessions whose tokens have expired.
func (s *sessions) forget(ctx context.Context) error {
	names, err := store.AllSettingNames(ctx, s.settings, endedSettings)
	if err != nil {
		return err
	}
	now := s.clock().UTC().Format(time.RFC3339)
	for _, name := range names {
		until, err := s.settings.Setting(ctx, name)
		if err == nil && string(until) < now {
			err = s.settings.PutSetting(ctx, name, nil)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return nil
}

// Bind ties the context of a stream to its identity.
func (s *sessions) Bind(ctx context.Context) (context.Context, error) { return s.bonds.bind(ctx) }

func newSessions(c Config, signer *signer) *sessions {
	s := &sessions{
		signer: signer, settings: c.Store, clock: c.Clock, proxies: c.Proxies,
		keys:    Keys{c.Store, c.Clock, newRecent[storedKey](c.Clock)},
		admin:   &admin{settings: c.Store, throttle: newThrottle(c.Clock)},
		checked: *newRecent[bool](c.Clock),
	}
	s.bonds = bonds{holds: s.holds, limit: c.Limits.Streams, streams: map[string]map[*stream]bool{}, open: map[string]int{}}
	return s
}

var _ graph.Sessions = (*sessions)(nil)
