package live

import (
	"context"

	"valse/engine"
)

// NextQuestion chooses the product to ask a user about next, none of those
// named in skip: see engine.Recommender.NextQuestion.
func (s *Service) NextQuestion(ctx context.Context, userID string, skip []string) (engine.Question, error) {
	st, err := s.current(ctx)
	if err != nil {
		return engine.Question{}, err
	}
	history, err := s.history(ctx, userID)
	if err != nil {
		return engine.Question{}, err
	}
	q, err := s.of(ctx, st, userID, history, ShelfForYou, Request{Filter: engine.Filter{Exclude: skip}})
	if err != nil {
		return engine.Question{}, err
	}
	return st.recommender.NextQuestion(q), nil
}
