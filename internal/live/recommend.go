package live

import (
	"context"
	"errors"
	"fmt"

	"valse/engine"
	"valse/store"
)

// Request asks for a list. The zero value works.
type Request struct {
	N           int // default engine.DefaultListLength
	Filter      engine.Filter
	IncludeSeen bool          // products bought, rated or disliked may come again
	Without     []string      // event ids to answer as if they had never happened
	Window      engine.Window // of best-sellers
	// RuleVersion is the rule book to answer under; nil is the one in force, 0
	// none.
	RuleVersion *int64
	// AsOf is the kept model to answer from; empty is what is published, or the
	// user's arm of an experiment.
	AsOf string
}

// of makes the request that of a user whose history is known, for a shelf.
func (s *Service) of(ctx context.Context, st *state, userID string, history []store.Interaction, shelf ShelfKind, q Request) (engine.Request, error) {
	rules, err := st.under(ctx, q.RuleVersion)
	return engine.Request{
		UserID: userID, History: history, N: q.N, Filter: q.Filter, IncludeSeen: q.IncludeSeen, Without: q.Without,
		Window: q.Window,
		Policy: rules.Policy(shelf, s.o.Clock()), Seed: seed(userID, shelf, s.o.Clock()),
	}, err
}

// Recommend answers with a user's list now: see engine.Recommender.Recommend
// for what it holds. Nobody, the empty id, gets best-sellers. An unknown user
// is one without a history.
func (s *Service) Recommend(ctx context.Context, userID string, q Request) (List, error) {
	st, err := s.answering(ctx, userID, q)
	if err != nil {
		return List{}, err
	}
	history, err := s.history(ctx, userID)
	if err != nil {
		return List{}, err
	}
	request, err := s.of(ctx, st, userID, history, ShelfForYou, q)
	if err != nil {
		return List{}, err
	}
	request.Kept = s.kept.of(st.recommender, userID, history)
	l, err := s.recommend(ctx, st, userID, request)
	if err != nil {
		return List{}, err
	}
	return s.issue(st, ShelfForYou, l), nil
}

// recommend asks for a stored list only when no factor could be solved. While
// lists are interleaved, it drafts one from both arms.
func (s *Service) recommend(ctx context.Context, st *state, userID string, q engine.Request) (engine.List, error) {
	if st.experiment != nil {
		return s.interleave(ctx, st, userID, q)
	}
	l := st.recommender.Recommend(q)
	if l.Source == engine.SourceLive || st.published == "" {
		return l, nil
	}
	stored, err := s.storedList(ctx, st.published, userID, len(q.History) == 0)
	if stored == nil || err != nil {
		return l, err
	}
	q.StoredList = stored
	if l = st.recommender.Recommend(q); l.Source == engine.SourceStored {
		l.ModelID = st.published
	}
	return l, nil
}

// storedList returns the user's stored list, else for someone without a history
// that for people the model does not know, else nil.
func (s *Service) storedList(ctx context.Context, modelID, userID string, stranger bool) (*store.List, error) {
	l, err := s.store.List(ctx, modelID, userID)
	if errors.Is(err, store.ErrNotFound) && stranger && userID != store.DefaultList {
		l, err = s.store.List(ctx, modelID, store.DefaultList)
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("stored list of user %q: %w", userID, err)
	default:
		return &l, nil
	}
}

// Similar answers with products like one. It is store.ErrNotFound when the
// product is unknown or hidden.
func (s *Service) Similar(ctx context.Context, productID string, q Request) (List, error) {
	return s.near(ctx, productID, q, ShelfSimilar, (*engine.Recommender).Similar)
}

// Together answers with what goes into the same baskets as a product; the list
// may be empty. It is store.ErrNotFound when the product is unknown or hidden.
func (s *Service) Together(ctx context.Context, productID string, q Request) (List, error) {
	return s.near(ctx, productID, q, ShelfTogether, (*engine.Recommender).Together)
}

func (s *Service) near(ctx context.Context, productID string, q Request, shelf ShelfKind, list func(*engine.Recommender, string, engine.Request) engine.List) (List, error) {
	st, err := s.current(ctx)
	if err != nil {
		return List{}, err
	}
	if _, ok := st.recommender.Catalogue().Product(productID); !ok {
		return List{}, fmt.Errorf("product %q: %w", productID, store.ErrNotFound)
	}
	request, err := s.of(ctx, st, "", nil, shelf, q)
	if err != nil {
		return List{}, err
	}
	return s.issue(st, shelf, list(st.recommender, productID, request)), nil
}

// BestSellers answers with what sells most, in the category that the filter
// names or everywhere, without what the user (who may be nobody) should not
// see.
func (s *Service) BestSellers(ctx context.Context, userID string, q Request) (List, error) {
	st, err := s.answering(ctx, userID, q)
	if err != nil {
		return List{}, err
	}
	history, err := s.history(ctx, userID)
	if err != nil {
		return List{}, err
	}
	shelf := ShelfBestSellers
	if len(q.Filter.Categories) > 0 {
		shelf = ShelfCategoryBestSellers
	}
	request, err := s.of(ctx, st, userID, history, shelf, q)
	if err != nil {
		return List{}, err
	}
	return s.issue(st, shelf, st.recommender.BestSellers(request)), nil
}

// Explain says why a product scores for a user as it does, leaving out the
// events listed. It is store.ErrNotFound when no model knows the product.
func (s *Service) Explain(ctx context.Context, userID, productID string, without ...string) (engine.Explanation, error) {
	state, err := s.State(ctx, userID, "", without...)
	if err != nil {
		return engine.Explanation{}, err
	}
	return state.Explain(productID)
}
