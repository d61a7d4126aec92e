package pipeline

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"valse/engine"
	"valse/engine/rule"
	"valse/internal/rulebook"
	"valse/store"
)

const publishTTL = 30 * time.Second

// keepLists is how many publications keep their stored lists, so that a
// rollback is the flip of a pointer.
const keepLists = 3

// publishRun does a PUBLISH run.
func (p *Pipeline) publishRun(ctx context.Context, r *reporter, input PublishInput) (PublishOutput, error) {
	r.progress(0, "loading model %s", input.ModelID)
	model, err := p.warehouse.Model(ctx, input.ModelID)
	if err != nil {
		return PublishOutput{}, err
	}
	if _, err := p.Transport(ctx); err != nil {
		return PublishOutput{}, err
	}
	events, err := p.warehouse.Events(ctx)
	if err != nil {
		return PublishOutput{}, err
	}
	lists, err := p.publish(ctx, r, 0.1, model, events, "run "+r.run.ID)
	return PublishOutput{ModelID: input.ModelID, Lists: lists}, err
}

// publish stores everyone's list under the model's id and then flips the
// pointer. Until the flip nobody sees anything of it. It returns the number of
// lists, the default one included.
func (p *Pipeline) publish(ctx context.Context, r *reporter, from float64, model *engine.Model, events *engine.Events, note string) (lists int, err error) {
	r.progress(from, "waiting for the publish lease")
	err = p.holding(ctx, store.PublishLease, publishTTL, func(ctx context.Context, lease store.Lease) error {
		recommender, err := p.Recommender(ctx, model, events, nil)
		if err != nil {
			return err
		}
		policy, err := p.Policy(ctx, recommender.Catalogue(), rule.ForYou)
		if err != nil {
			return err
		}
		w := &listWriter{p: p, ctx: ctx, modelID: model.Info.ID, written: func(n int) {
			lists = n
			done := float64(n) / float64(len(events.UserIDs)+1)
			r.progress(from+(1-from)*0.95*done, "stored %d lists", n)
		}}
		if err := recommender.RecommendAll(ctx, everyone(events), p.o.ListLength, policy.Unpinned(), w.add); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		_, err = p.flip(ctx, lease, model.Info.ID, note)
		return err
	})
	if err != nil {
		return lists, fmt.Errorf("publish model %s: %w", model.Info.ID, err)
	}
	return lists, nil
}

// everyone yields the users of the events, and nobody: the list for people
// that the model does not know.
func everyone(events *engine.Events) iter.Seq[engine.Member] {
	return func(yield func(engine.Member) bool) {
		if !yield(engine.Member{UserID: store.DefaultList}) {
			return
		}
		events.Members()(yield)
	}
}

// Recommender joins a model with the store's catalogue as it is now and with
// what the events say of popularity, for lists made offline. Only the
// candidates may be listed, unless there are none.
func (p *Pipeline) Recommender(ctx context.Context, model *engine.Model, events *engine.Events, candidates []string) (*engine.Recommender, error) {
	wanted := make(map[string]bool, len(candidates))
	for _, id := range candidates {
		wanted[id] = true
	}
	var products []store.Product
	err := p.store.EachProduct(ctx, func(batch []store.Product) error {
		for i := range batch {
			batch[i].Hidden = batch[i].Hidden || len(wanted) > 0 && !wanted[batch[i].ID]
		}
		products = append(products, batch...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	popularity := engine.NewPopularity(events.Counts(), engine.PopularityOptions{Today: store.DayOf(p.o.Clock())})
	ranker, err := engine.NewRanker(model)
	if err != nil {
		return nil, err
	}
	catalogue := engine.NewCatalogue(products, ranker.ProductIDs())
	return engine.NewRecommender(ranker, catalogue, popularity, engine.Together(events)), nil
}

// Policy returns what the rule book in force says now about a shelf of lists
// made offline; nil where there is none.
func (p *Pipeline) Policy(ctx context.Context, c *engine.Catalogue, shelf rule.Shelf) (*engine.Policy, error) {
	book, err := rulebook.New(p.store, p.o.Clock).Current(ctx)
	if err != nil || book.Version == 0 {
		return nil, err
	}
	return engine.NewRules(c, book).Policy(shelf, p.o.Clock()), nil
}

// listWriter stores lists in batches.
type listWriter struct {
	p       *Pipeline
	ctx     context.Context // of the one publication that it serves
	modelID string
	written func(total int)

	waiting []store.List
	total   int
}

// writeBatch is how many lists are stored at once.
const writeBatch = 1000

func (w *listWriter) add(l store.List) error {
	w.waiting = append(w.waiting, l)
	if len(w.waiting) < writeBatch {
		return nil
	}
	return w.flush()
}

func (w *listWriter) flush() error {
	if err := w.p.store.PutLists(w.ctx, w.modelID, w.waiting); err != nil {
		return err
	}
	w.total += len(w.waiting)
	w.waiting = w.waiting[:0]
	w.written(w.total)
	return nil
}

// flip moves the pointer under the lease's token.
func (p *Pipeline) flip(ctx context.Context, lease store.Lease, modelID, note string) (store.Publication, error) {
	published, err := p.store.Publish(ctx, store.Publication{
		ModelID: modelID, Token: lease.Token, Time: p.o.Clock().UTC(), Note: note,
	})
	if err == nil {
		p.logError("drop old lists", p.dropLists(ctx))
	}
	return published, err
}

// dropLists drops the lists of models that were published too long ago to roll
// back to. What it does not get to, the next flip drops: the model serves
// already, and nothing about that has failed.
func (p *Pipeline) dropLists(ctx context.Context) error {
	history, err := p.store.Publications(ctx, 4*keepLists)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	for _, old := range history {
		if kept[old.ModelID] || len(kept) < keepLists {
			kept[old.ModelID] = true
		} else if err := p.store.DropLists(ctx, old.ModelID); err != nil {
			return err
		}
	}
	return nil
}

// Rollback flips the pointer to the named model, or to the one that was
// published before the present one when modelID is empty. store.ErrNotFound
// when there is no such model any more, store.ErrConflict when it is published
// already.
func (p *Pipeline) Rollback(ctx context.Context, modelID string) (store.Publication, error) {
	if modelID == "" {
		var err error
		if modelID, err = p.previousID(ctx); err != nil {
			return store.Publication{}, fmt.Errorf("rollback: %w", err)
		}
	}
	if _, err := p.Info(ctx, modelID); err != nil {
		return store.Publication{}, fmt.Errorf("rollback: %w", err)
	}
	var published store.Publication
	err := p.holding(ctx, store.PublishLease, publishTTL, func(ctx context.Context, lease store.Lease) (err error) {
		published, err = p.flip(ctx, lease, modelID, "rollback")
		return err
	})
	if err != nil {
		return published, fmt.Errorf("rollback to model %s: %w", modelID, err)
	}
	return published, nil
}

// previousID is the model that was published before the present one.
func (p *Pipeline) previousID(ctx context.Context) (string, error) {
	published, err := p.store.Published(ctx)
	if errors.Is(err, store.ErrNotFound) || err == nil && published.Previous == "" {
		return "", fmt.Errorf("no model was published before the present one: %w", store.ErrNotFound)
	}
	return published.Previous, err
}
