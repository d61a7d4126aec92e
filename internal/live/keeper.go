package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"valse/engine"
	"valse/internal/experiment"
	"valse/internal/rulebook"
	"valse/store"
)

// keeper owns the parts of the recommender. Only its goroutine touches it.
type keeper struct {
	*Service
	model      modelPart
	catalogue  cataloguePart
	popularity popularityPart
	together   togetherPart
	newcomers  newcomersPart
	rules      rulesPart
	experiment *experiment.Experiment
	states     int64             // joined so far
	faults     map[string]string // last error by what was being renewed
}

// Run loads everything and keeps it new until ctx ends. It returns nil then,
// after every goroutine has ended; it may be called once.
func (s *Service) Run(ctx context.Context) error {
	var wait sync.WaitGroup
	defer func() {
		s.hub.close()
		close(s.stopped)
		wait.Wait()
		s.hub.wait()
	}()
	watching := make(chan struct{})
	wait.Go(func() { s.watch(ctx, watching) })
	select {
	case <-watching: // notices from before the first load are not missed
	case <-ctx.Done():
		return nil
	}
	k := &keeper{Service: s, faults: map[string]string{}}
	k.keep(ctx)
	return nil
}

// keep renews parts as their sources change.
func (k *keeper) keep(ctx context.Context) {
	poll := time.NewTicker(k.o.PollEvery)
	defer poll.Stop()
	counts := time.NewTicker(k.o.CountsEvery)
	defer counts.Stop()
	together := time.NewTicker(k.o.TogetherEvery)
	defer together.Stop()

	k.renew(ctx, "key", k.renewKey)
	k.renew(ctx, "model", k.renewModel)
	k.renew(ctx, "catalogue", k.renewCatalogue)
	k.renew(ctx, "rules", k.renewRules)
	k.renew(ctx, "popularity", k.renewPopularity)
	k.join(false)
	baskets := k.renew(ctx, "baskets", k.renewTogether)
	if newcomers := k.renew(ctx, "new products", k.renewNewcomers); baskets || newcomers {
		k.join(newcomers)
	}
	if k.renew(ctx, "experiment", k.renewExperiment) {
		k.join(false)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
			k.poll(ctx)
		case <-k.modelChanged:
			k.poll(ctx)
		case <-k.settingsChanged:
			k.poll(ctx)
		case <-k.catalogueChanged:
			k.settle(ctx)
			k.poll(ctx)
		case <-counts.C:
			popularity := k.renew(ctx, "popularity", k.renewPopularity)
			if newcomers := k.renew(ctx, "new products", k.renewNewcomers); popularity || newcomers {
				k.join(false)
			}
		case <-together.C:
			if k.renew(ctx, "baskets", k.renewTogether) {
				k.join(false)
			}
		}
	}
}

// poll renews model, catalogue, rules and experiment if they changed and tells
// every subscription.
func (k *keeper) poll(ctx context.Context) {
	key := k.renew(ctx, "key", k.renewKey)
	model := k.renew(ctx, "model", k.renewModel)
	catalogue := k.renew(ctx, "catalogue", k.renewCatalogue)
	rules := k.renew(ctx, "rules", k.renewRules)
	if model || catalogue {
		k.renew(ctx, "new products", k.renewNewcomers)
	}
	experiment := k.renew(ctx, "experiment", k.renewExperiment)
	if key || model || catalogue || rules || experiment {
		k.join(true)
	}
}

// settle waits for more changes of the catalogue, so that an import of many
// products is few reloads: no more than a fifth of the time goes into them.
func (k *keeper) settle(ctx context.Context) {
	select {
	case <-time.After(max(k.o.Settle, 4*k.catalogue.took)):
	case <-ctx.Done():
	}
	select {
	case <-k.catalogueChanged:
	default:
	}
}

// renew calls f, which reports whether something changed. What cannot be
// renewed keeps serving as it is; the same error is logged once.
func (k *keeper) renew(ctx context.Context, what string, f func(context.Context) (bool, error)) bool {
	changed, err := f(ctx)
	switch {
	case err == nil:
		delete(k.faults, what)
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
	case k.faults[what] != err.Error():
		k.faults[what] = err.Error()
		k.o.Logger.Error("renew "+what, "error", err)
	}
	return changed
}

// join makes the parts a recommender and swaps it in. Without a catalogue
// there is nothing to answer with yet, without a key no list can be issued.
func (k *keeper) join(tell bool) {
	sealer := k.seal.Load()
	if !k.catalogue.read || sealer == nil {
		return
	}
	first := k.state.Load() == nil
	ranker := k.ranker()
	catalogue := k.catalogue.view(ranker)
	library := k.rules.view(k.books, catalogue)
	stock := &stock{k.catalogue.version, k.catalogue.products, k.popularity.sum(), k.together.pairs, k.books}
	k.states++
	k.state.Store(&state{
		number:      k.states,
		recommender: engine.NewRecommender(ranker, catalogue, stock.popularity, stock.pairs),
		book:        k.rules.book,
		rules:       library.prepare(k.rules.book),
		turns:       k.rules.turns,
		stock:       stock,
		experiment:  k.experiment,
		library:     library,
		sealer:      sealer,
		published:   k.model.published,
		paired:      k.together.pairs.Len(),
		at:          k.o.Clock().UTC(),
	})
	if first {
		close(k.loaded)
	}
	if tell {
		k.hub.wakeAll()
	}
}

// watch passes notices on to whom they concern until ctx ends. It closes ready
// once it listens.
func (s *Service) watch(ctx context.Context, ready chan struct{}) {
	listening := sync.OnceFunc(func() { close(ready) })
	for again := false; ctx.Err() == nil; again = true {
		notices, err := s.store.Watch(ctx)
		listening()
		switch {
		case err != nil:
			s.o.Logger.Error("watch notices", "error", err)
		case again:
			s.missed()
			fallthrough
		default:
			s.pass(notices)
		}
		select {
		case <-time.After(s.o.PollEvery):
		case <-ctx.Done():
		}
	}
}

// missed looks at everything that a notice could have been about.
func (s *Service) missed() {
	s.countsChanged.Store(true)
	wake(s.catalogueChanged)
	wake(s.modelChanged)
	wake(s.settingsChanged)
	s.hub.wakeAll()
}

// pass handles notices until their channel closes.
func (s *Service) pass(notices <-chan store.Notice) {
	for n := range notices {
		switch n.Kind {
		case store.NoticeUser:
			s.countsChanged.Store(true)
			s.histories.Drop(n.ID) // also when they were erased
			s.hub.wakeUser(n.ID)
		case store.NoticeCatalog:
			wake(s.catalogueChanged)
		case store.NoticeModel:
			wake(s.modelChanged)
		case store.NoticeSetting:
			if rulebook.IsName(n.ID) || experiment.IsName(n.ID) {
				wake(s.settingsChanged)
			}
		case store.NoticeMissed:
			s.missed()
		}
	}
}
