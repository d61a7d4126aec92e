package graph

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"

	"valse/engine"
	"valse/graph/model"
	"valse/internal/live"
	"valse/store"
)

// maxContributions bounds the contributions of an explanation.
const maxContributions = 10

// recommend is a user's list now.
func (r *Resolver) recommend(ctx context.Context, userID string, first int, options *model.RecommendationOptions) (*model.RecommendationList, error) {
	request, err := decodeRequest(ctx, first, options)
	if err != nil {
		return nil, err
	}
	l, err := r.Live.Recommend(ctx, userID, request)
	if err != nil {
		return nil, err
	}
	return r.list(ctx, l, userID, request.Without...)
}

// similar lists products like one.
func (r *Resolver) similar(ctx context.Context, productID string, first int) (*model.RecommendationList, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	l, err := r.Live.Similar(ctx, productID, live.Request{N: first})
	if err != nil {
		return nil, err
	}
	l.Source = cmp.Or(l.Source, engine.SourceSimilar)
	return r.list(ctx, l, "")
}

// orEmpty stands in for the neighbours of a product that no list knows: one
// that is hidden, or that came only just now.
func (r *Resolver) orEmpty(l *model.RecommendationList, err error) (*model.RecommendationList, error) {
	if errors.Is(err, store.ErrNotFound) {
		return &model.RecommendationList{
			RecommendationID: uuid.NewString(), Source: engine.SourceSimilar,
			Items: []model.Recommendation{}, At: r.Clock().UTC(),
		}, nil
	}
	return l, err
}

// together lists what goes into the same baskets as a product.
func (r *Resolver) together(ctx context.Context, productID string, first int) (*model.RecommendationList, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	l, err := r.Live.Together(ctx, productID, live.Request{N: first})
	if err != nil {
		return nil, err
	}
	l.Source = cmp.Or(l.Source, engine.SourceTogether)
	return r.list(ctx, l, "")
}

// bestSellers lists what sells in a category, or everywhere, to a user.
func (r *Resolver) bestSellers(ctx context.Context, userID, category string, first int, window engine.Window) (*model.RecommendationList, error) {
	if err := checkFirst(first, maxFirst); err != nil {
		return nil, err
	}
	request := live.Request{N: first, IncludeSeen: true, Window: window}
	if category != "" {
		request.Filter.Categories = []string{category}
	}
	l, err := r.Live.BestSellers(ctx, userID, request)
	if err != nil {
		return nil, err
	}
	return r.list(ctx, l, "")
}

func decodeRequest(ctx context.Context, first int, options *model.RecommendationOptions) (live.Request, error) {
	request := live.Request{N: first}
	if o := options; o != nil {
		request.Filter = engine.Filter{
			Categories: o.Categories, Vendors: o.Vendors,
			MinPrice: value(o.MinPrice), MaxPrice: value(o.MaxPrice),
		}
		for _, id := range o.Exclude {
			request.Filter.Exclude = append(request.Filter.Exclude, model.LocalID(model.KindProduct, id))
		}
		request.IncludeSeen, request.Without = value(o.IncludeSeen), o.Without
		if request.AsOf = model.LocalID(model.KindModel, value(o.AsOf)); request.AsOf != "" {
			if err := IdentityOf(ctx).require(model.RoleAdmin); err != nil {
				return request, err
			}
		}
	}
	return request, checkFirst(first, maxFirst)
}

// list shows a list, a user's own unless the id is empty. Products that went or
// were hidden since it was made are left out.
func (r *Resolver) list(ctx context.Context, l live.List, userID string, without ...string) (*model.RecommendationList, error) {
	ids := make([]string, len(l.Items))
	for i, item := range l.Items {
		ids[i] = item.ProductID
	}
	products, err := r.products(ctx, ids)
	if err != nil {
		return nil, err
	}
	view := &model.RecommendationList{
		RecommendationID: l.RecommendationID,
		Source:           cmp.Or(l.Source, engine.SourceBestSellers),
		At:               l.At,
		Items:            make([]model.Recommendation, 0, len(products)),
	}
	if l.ModelID != "" {
		view.ModelID = &l.ModelID
	}
	if l.RuleVersion != 0 {
		view.RuleVersion = &l.RuleVersion
	}
	if l.Experiment != 0 {
		view.Experiment = &model.ListExperiment{Number: l.Experiment}
		if !l.Interleaved {
			view.Experiment.Arm = &l.Arm
		}
	}
	whys := map[string]*model.Why{} // by model
	for i, product := range products {
		if product == nil || product.Hidden {
			continue
		}
		item := &l.Items[i]
		entry := model.Recommendation{
			RecommendationID: l.IDOf(i), Product: product, Rank: len(view.Items) + 1, Score: float64(item.Score), Source: item.Source, Rules: item.Rules,
		}
		if l.Interleaved {
			entry.Arm = &item.Arm
		}
		if userID != "" && (item.Source == engine.SourceLive || item.Source == engine.SourceNewcomer) {
			modelID := l.ModelOf(i)
			if whys[modelID] == nil {
				whys[modelID] = r.why(ctx, userID, modelID, without...)
			}
			entry.Why = whys[modelID]
		}
		view.Items = append(view.Items, entry)
	}
	return view, nil
}

// why is what a model's entries of a user's list are explained with; an empty id
// is the model that serves the user.
func (r *Resolver) why(ctx context.Context, userID, modelID string, without ...string) *model.Why {
	return &model.Why{State: sync.OnceValues(func() (*engine.State, error) {
		return r.Live.State(ctx, userID, modelID, without...)
	})}
}

// explain says why a product scores as it does; nil when that has no reasons.
func (r *Resolver) explain(productID string, why *model.Why) (*model.Explanation, error) {
	e, err := ask(why, productID, (*engine.State).Explain)
	if e == nil || err != nil {
		return nil, err
	}
	return newExplanation(*e), nil
}

// ask asks a user's state about a product; the answer is nil where there is no
// state, or none that knows the product.
func ask[T any](why *model.Why, productID string, question func(*engine.State, string) (T, error)) (*T, error) {
	if why == nil {
		return nil, nil
	}
	state, err := why.State()
	if err == nil {
		var answer T
		if answer, err = question(state, productID); err == nil {
			return &answer, nil
		}
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return nil, err
}

// newExplanation shows the largest contributions and the sum of the others.
func newExplanation(e engine.Explanation) *model.Explanation {
	view := &model.Explanation{Score: float64(e.Score), Base: float64(e.Base), Contributions: []model.Contribution{}}
	var positive float64
	for _, c := range e.Contributions {
		positive += max(0, float64(c.Value))
	}
	share := func(value float64) float64 {
		if positive == 0 {
			return 0
		}
		return value / positive
	}
	shown := min(len(e.Contributions), maxContributions)
	for _, c := range e.Contributions[:shown] {
		view.Contributions = append(view.Contributions, model.Contribution{
			Interaction: model.Interaction{Interaction: c.Interaction},
			Value:       float64(c.Value), Share: share(float64(c.Value)),
		})
	}
	for _, c := range e.Contributions[shown:] {
		view.Others += float64(c.Value)
	}
	view.OthersShare = share(view.Others)
	return view
}

// shelves composes the rows of a page for a user.
func (r *Resolver) shelves(ctx context.Context, q live.ShelfRequest) ([]model.Shelf, error) {
	shelves, err := r.Live.Shelves(ctx, q)
	if err != nil {
		return nil, err
	}
	var ids []string // of all rows, so that they are loaded in one call
	for _, shelf := range shelves {
		for _, item := range shelf.List.Items {
			ids = append(ids, item.ProductID)
		}
		if shelf.Subject != "" {
			ids = append(ids, shelf.Subject)
		}
	}
	if _, err := r.products(ctx, ids); err != nil {
		return nil, err
	}
	views := []model.Shelf{}
	for _, shelf := range shelves {
		list, err := r.list(ctx, shelf.List, q.UserID)
		if err != nil {
			return nil, err
		}
		if len(list.Items) == 0 {
			continue
		}
		view := model.Shelf{Kind: shelf.Kind, Title: shelf.Title, List: *list}
		if shelf.Subject != "" {
			if view.Subject, err = r.product(ctx, shelf.Subject); err != nil {
				return nil, err
			}
		}
		views = append(views, view)
	}
	return views, nil
}

// subscribe sends a user's list at once and whenever it changes.
func (r *Resolver) subscribe(ctx context.Context, userID string, request live.Request) (<-chan *model.RecommendationList, error) {
	lists, err := r.Live.Subscribe(ctx, userID, request)
	if err != nil {
		return nil, err
	}
	views := make(chan *model.RecommendationList)
	go func() {
		defer close(views)
		for l := range lists {
			view, err := r.list(ctx, l, userID, request.Without...)
			if err != nil {
				r.logWatch(ctx, err)
				continue // the next change makes another
			}
			if !send(ctx, views, view) {
				return
			}
		}
	}()
	return views, nil
}
