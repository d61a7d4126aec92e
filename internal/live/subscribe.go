package live

import "context"

// subscription is one reader of one user's list.
type subscription struct {
	userID  string
	request Request
	changed chan struct{} // capacity one: a burst of changes is one
	lists   chan List     // capacity one: holds the newest only
}

// Subscribe sends a user's list at once and again after each of their
// interactions, each change of the catalogue and each new model. Changes that
// come while a list is being made are answered by one more list; a reader that
// falls behind gets the newest. The channel closes when ctx or Run ends.
func (s *Service) Subscribe(ctx context.Context, userID string, q Request) (<-chan List, error) {
	sub := &subscription{userID: userID, request: q, changed: make(chan struct{}, 1), lists: make(chan List, 1)}
	if !s.hub.add(sub) {
		return nil, ErrStopped
	}
	wake(sub.changed)
	go s.serve(ctx, sub)
	return sub.lists, nil
}

// serve makes lists until ctx or Run ends. It is the only sender.
func (s *Service) serve(ctx context.Context, sub *subscription) {
	defer s.hub.remove(sub)
	defer close(sub.lists)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for {
		select {
		case <-sub.changed:
		case <-ctx.Done():
			return
		case <-s.stopped:
			return
		}
		if !s.makeList(ctx, sub) {
			return
		}
	}
}

// makeList makes one list when it is its turn. It reports false when the
// subscription must end. A list that cannot be made is logged; the next change
// makes another.
func (s *Service) makeList(ctx context.Context, sub *subscription) bool {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return false
	case <-s.stopped:
		return false
	}
	l, err := s.Recommend(ctx, sub.userID, sub.request)
	switch {
	case ctx.Err() != nil:
		return false
	case err != nil:
		s.o.Logger.Error("make a subscribed list", "user", sub.userID, "error", err)
		return true
	}
	select {
	case <-sub.lists: // the reader has not taken the last one
	default:
	}
	sub.lists <- l
	return true
}
