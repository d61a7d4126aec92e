package live

import (
	"container/list"
	"context"
	"sync"

	"valse/engine"
	"valse/store"
)

// kept remembers the normal equations of those users whose next list they make
// cheaper: the ones with long histories, as many of the latest as fit. Losing
// any of it costs a solve and nothing else.
type kept struct {
	mu     sync.Mutex
	byUser map[string]*list.Element
	latest *list.List // of keptUser, the latest first
	room   int        // bytes
}

type keptUser struct {
	userID string
	state  *engine.Kept
}

// keptBytes bounds the memory of all that is kept: some 1,000 users at rank 64,
// 64 at rank 256.
const keptBytes = 32 << 20

func newKept() *kept {
	return &kept{byUser: map[string]*list.Element{}, latest: list.New(), room: keptBytes}
}

// of returns what is kept of a user, or nil for a history that is solved anew
// in less time.
func (k *kept) of(r *engine.Recommender, userID string, history []store.Interaction) *engine.Kept {
	bytes, worth := r.WorthKeeping(len(history))
	if !worth || userID == "" {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.byUser[userID]; ok {
		k.latest.MoveToFront(e)
		return e.Value.(keptUser).state
	}
	for k.latest.Len() > 0 && (k.latest.Len()+1)*bytes > k.room {
		oldest := k.latest.Remove(k.latest.Back()).(keptUser)
		delete(k.byUser, oldest.userID)
	}
	u := keptUser{userID, &engine.Kept{}}
	k.byUser[userID] = k.latest.PushFront(u)
	return u.state
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
