package live

import (
	"context"
	"time"

	"valse/engine"
	"valse/store"
)

// newcomersPart is the published model with rows for the products that came
// after its training, so that a new product is recommended within a refresh. It
// is made in every process, from the catalogue and the newest part of the log.
type newcomersPart struct {
	base     *engine.Ranker    // of the model as it was published
	maker    *engine.Newcomers // for base; nil while every product is known
	extended *engine.Ranker    // nil while every product is known

	version int64 // of the catalogue that extended was made with
	events  int   // of the log's
	at      time.Time
	took    time.Duration
}

// newcomersShare bounds the part of the time that goes into new evidence of new
// products: one in so many.
const newcomersShare = 20

// ranker is what lists are made with: the model and what was added to it.
func (k *keeper) ranker() *engine.Ranker {
	if n := &k.newcomers; n.extended != nil && n.base == k.model.ranker {
		return n.extended
	}
	return k.model.ranker
}

// renewNewcomers makes the rows again when the model, the catalogue or, less
// often, the log has changed.
func (k *keeper) renewNewcomers(ctx context.Context) (changed bool, err error) {
	n := &k.newcomers
	base := k.model.ranker
	if base == nil || !k.catalogue.read {
		return false, nil
	}
	unknown := k.unknown(base)
	if len(unknown) == 0 {
		changed = n.extended != nil
		*n = newcomersPart{base: base}
		return changed, nil
	}
	if err := k.readLog(ctx); err != nil {
		return false, err
	}
	same := n.base == base && n.version == k.catalogue.version && n.extended != nil
	if same && (n.events == k.together.events.Len() || time.Since(n.at) < newcomersShare*n.took) {
		return false, nil
	}
	begin := time.Now()
	if n.base != base || n.maker == nil {
		*n = newcomersPart{base: base, maker: engine.NewNewcomers(base, k.catalogue.products)}
	}
	extended, err := n.maker.Extend(unknown, k.together.events.Events())
	if err != nil {
		return false, err
	}
	n.extended, n.version, n.events = extended, k.catalogue.version, k.together.events.Len()
	n.at, n.took = time.Now(), time.Since(begin)
	return true, nil
}

// unknown returns the visible products that the model has no rows of.
func (k *keeper) unknown(base *engine.Ranker) []store.Product {
	var unknown []store.Product
	for _, p := range k.catalogue.products {
		if !p.Hidden && !base.Knows(p.ID) {
			unknown = append(unknown, p)
		}
	}
	return unknown
}
