package live

import (
	"context"

	"valse/engine"
	"valse/internal/lru"
	"valse/store"
)

// kept remembers the normal equations of those users whose next list they make
// cheaper: the ones with long histories, as many of the latest as fit. Losing
// any of it costs a solve and nothing else.
type kept struct {
	byUser *lru.Cache[string, *engine.Kept]
}

// keptBytes bounds the memory of all that is kept: some 1,000 users at rank 64,
// 64 at rank 256.
const keptBytes = 32 << 20

func newKept(room int) *kept { return &kept{lru.New[string, *engine.Kept](room)} }

// of returns what is kept of a user, or nil for a history that is solved anew
// in less time.
func (k *kept) of(r *engine.Recommender, userID string, history []store.Interaction) *engine.Kept {
	bytes, worth := r.WorthKeeping(len(history))
	if !worth || userID == "" {
		return nil
	}
	if known, ok := k.byUser.Get(userID); ok {
		return known
	}
	fresh := &engine.Kept{}
	k.byUser.Put(userID, fresh, bytes)
	return fresh
}

// State returns what a kept model, or for an empty id the one that the user's
// lists come from, makes of their history now, leaving out the events listed.
// It is store.ErrNotFound without such a model.
func (s *Service) State(ctx context.Context, userID, modelID string, without ...string) (*engine.State, error) {
	st, err := s.answering(ctx, userID, Request{AsOf: modelID})
	if err != nil {
		return nil, err
	}
	history, err := s.history(ctx, userID)
	if err != nil {
		return nil, err
	}
	return st.recommender.State(engine.Request{
		History: history, Without: without, Kept: s.kept.of(st.recommender, userID, history),
	})
}
