package engine

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"valse/store"
)

// ReplayOptions say how later events are replayed. The zero value works.
type ReplayOptions struct {
	Start  float64 // part of the events that is known at the start; default 0.8
	Nights int     // times that models are made anew, the first at the start; default 7
	Sample int     // events whose next product is looked for; default 4,000
	N      int     // length of the lists; default 20
	// Products are the catalogue, for what is new; may be nil.
	Products []store.Product
	// CPU is the processor time spent so far; may be nil.
	CPU func() time.Duration
	// OnNight is called after each; may be nil.
	OnNight func(n, of int)
}

// Strategy is one way to keep up with events.
type Strategy struct {
	Name   string        `json:"name"`
	Hits   int           `json:"hits"`
	Recall float64       `json:"recall"` // part of the next products that were in the list
	Models time.Duration `json:"models"` // processor time of models after the first, per night
}

// Replayed is what came of a replay.
type Replayed struct {
	Events     int        `json:"events"` // looked for
	Strategies []Strategy `json:"strategies"`
}

// Replay replays the newest events in the order in which they happened and asks
// before some of them for a list: is what the user takes up next, for the first
// time, among the best? It compares ways to keep up: best-sellers; lists made
// each night; one model and the history as it is now; the same with rows for new
// products; an update each night; a training each night.
func Replay(ctx context.Context, e *Events, s Settings, o ReplayOptions) (*Replayed, error) {
	o.Start, o.Nights = cmp.Or(o.Start, 0.8), cmp.Or(o.Nights, 7)
	o.Sample, o.N = cmp.Or(o.Sample, 4000), cmp.Or(o.N, 20)
	if o.CPU == nil {
		o.CPU = func() time.Duration { return 0 }
	}
	if o.Products == nil {
		o.Products = CatalogueOf(e.ProductIDs).products
	}
	p := &replay{e: e, s: s, o: o, order: e.byTime(), interest: newReader(s.WithDefaults(), 0)}
	p.from = int(o.Start * float64(len(p.order)))
	p.draw()
	if len(p.asked) == 0 {
		return nil, noDataf("none of the %s newest events takes up a new product", thousands(len(p.order)-p.from))
	}
	if err := p.run(ctx); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	for i := range p.result.Strategies {
		t := &p.result.Strategies[i]
		t.Recall = float64(t.Hits) / float64(p.result.Events)
		t.Models /= time.Duration(max(1, o.Nights-1))
	}
	return &p.result, nil
}

// The strategies, in the order of the table.
const (
	byPopularity = iota
	byNightlyLists
	byFoldIn
	byNewcomers
	byUpdate
	byTraining
	strategies
)

var strategyNames = [strategies]string{
	"best-sellers", "lists made each night", "fold-in, one model", "fold-in, one model, rows for new products",
	"fold-in, incremental each night", "fold-in, full training each night",
}

// replay is one Replay under way.
type replay struct {
	e        *Events
	s        Settings
	o        ReplayOptions
	order    []int32 // events by time
	from     int     // of the order: the first that is replayed
	asked    map[int32]bool
	interest reader

	past   map[int32][]store.Interaction // of each user, so far
	models [strategies]*Recommender
	base   *Model // of the start
	update *Model // of the last night
	known  *Events
	maker  *Newcomers

	popularity *Popularity // of the night
	result     Replayed
}

// byTime returns the positions of events, the oldest first.
func (e *Events) byTime() []int32 {
	order := make([]int32, e.Len())
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(e.Time[a], e.Time[b]) })
	return order
}

// pick returns some of the events.
func (e *Events) pick(positions []int32) *Events {
	some := &Events{UserIDs: e.UserIDs, ProductIDs: e.ProductIDs}
	for _, i := range positions {
		some.User, some.Product = append(some.User, e.User[i]), append(some.Product, e.Product[i])
		some.Type, some.Value = append(some.Type, e.Type[i]), append(some.Value, e.Value[i])
		some.Time, some.Basket = append(some.Time, e.Time[i]), append(some.Basket, e.Basket[i])
	}
	return some
}

// draw chooses the events to ask before: of those that show interest in a
// product which is new to the user.
func (p *replay) draw() {
	touched := map[[2]int32]bool{}
	var fit []int32
	for n, i := range p.order {
		pair := [2]int32{p.e.User[i], p.e.Product[i]}
		o := occurrence{Type: p.e.Type[i], Value: p.e.Value[i]}
		if n >= p.from && !touched[pair] && p.interest.shows(o) {
			fit = append(fit, i)
		}
		touched[pair] = true
	}
	random := rand.New(rand.NewPCG(1, 3))
	random.Shuffle(len(fit), func(a, b int) { fit[a], fit[b] = fit[b], fit[a] })
	p.asked = map[int32]bool{}
	for _, i := range fit[:min(len(fit), p.o.Sample)] {
		p.asked[i] = true
	}
}

// shows reports whether an event is evidence of interest.
func (r *reader) shows(o occurrence) bool {
	if r.explicit {
		return o.Type == store.Rating && o.Value >= relevantStars
	}
	return r.confidence(o) > 0
}

func (p *replay) run(ctx context.Context) error {
	p.past = map[int32][]store.Interaction{}
	for _, i := range p.order[:p.from] {
		p.remember(i)
	}
	for _, name := range strategyNames {
		p.result.Strategies = append(p.result.Strategies, Strategy{Name: name})
	}
	for night := range p.o.Nights {
		lo := p.from + night*(len(p.order)-p.from)/p.o.Nights
		hi := p.from + (night+1)*(len(p.order)-p.from)/p.o.Nights
		if err := p.night(ctx, night, lo); err != nil {
			return err
		}
		if err := p.day(lo, hi); err != nil {
			return err
		}
		if p.o.OnNight != nil {
			p.o.OnNight(night+1, p.o.Nights)
		}
	}
	return nil
}

func (p *replay) remember(i int32) {
	e := p.e
	p.past[e.User[i]] = append(p.past[e.User[i]], store.Interaction{
		UserID: e.UserIDs[e.User[i]], ProductID: e.ProductIDs[e.Product[i]], Type: e.Type[i],
		Value: float64(e.Value[i]), Time: time.UnixMicro(e.Time[i]).UTC(), Seq: int64(i),
	})
}

// night makes the models of one night from the first events of the order.
func (p *replay) night(ctx context.Context, night, known int) error {
	now := p.e.pick(p.order[:known])
	trained, err := p.timed(byTraining, night, func() (*Model, error) {
		return Train(ctx, now, p.s, TrainOptions{ID: "trained"})
	})
	if err != nil {
		return err
	}
	p.result.Strategies[byNightlyLists].Models = p.result.Strategies[byTraining].Models
	if night == 0 {
		p.base, p.update = trained, trained
	} else if p.update, err = p.timed(byUpdate, night, func() (*Model, error) {
		return Update(ctx, p.update, p.known, now, TrainOptions{ID: "updated"})
	}); err != nil {
		return err
	}
	p.known = now
	p.popularity = NewPopularity(now.Counts(), PopularityOptions{Today: store.DayOf(time.UnixMicro(p.e.Time[p.order[known-1]]))})
	for i, m := range []*Model{trained, trained, p.base, p.base, p.update, trained} {
		k, err := NewRanker(m)
		if err != nil {
			return err
		}
		p.models[i] = p.recommender(k)
	}
	return nil
}

func (p *replay) recommender(k *Ranker) *Recommender {
	return NewRecommender(k, NewCatalogue(p.o.Products, k.ProductIDs()), p.popularity, nil)
}

// timed makes a model and adds what it cost, but for the first night, which all
// strategies share.
func (p *replay) timed(strategy, night int, build func() (*Model, error)) (*Model, error) {
	begin := p.o.CPU()
	m, err := build()
	if night > 0 {
		p.result.Strategies[strategy].Models += p.o.CPU() - begin
	}
	return m, err
}

// refreshes is how often a day makes the rows of new products.
const refreshes = 10

// day replays the events of one day.
func (p *replay) day(lo, hi int) error {
	morning := map[int32]int{} // lengths of the pasts when the day began
	for n := lo; n < hi; n++ {
		if (n-lo)%max(1, (hi-lo)/refreshes) == 0 {
			if err := p.addNewcomers(n); err != nil {
				return err
			}
		}
		i := p.order[n]
		user := p.e.User[i]
		if _, seen := morning[user]; !seen {
			morning[user] = len(p.past[user])
		}
		if p.asked[i] {
			p.ask(i, morning[user])
		}
		p.remember(i)
	}
	return nil
}

// addNewcomers extends the first model by rows for products it does not know.
func (p *replay) addNewcomers(known int) error {
	base := p.models[byFoldIn].ranker
	appeared := map[string]bool{}
	for _, i := range p.order[:known] {
		appeared[p.e.ProductIDs[p.e.Product[i]]] = true
	}
	var unknown []store.Product
	for _, product := range p.o.Products {
		if appeared[product.ID] && !base.Knows(product.ID) {
			unknown = append(unknown, product)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	begin := p.o.CPU()
	if p.maker == nil {
		p.maker = NewNewcomers(base, p.o.Products)
	}
	k, err := p.maker.Extend(unknown, p.e.pick(p.order[p.from:known]))
	if err != nil {
		return err
	}
	p.result.Strategies[byNewcomers].Models += p.o.CPU() - begin
	p.models[byNewcomers] = p.recommender(k)
	return nil
}

// ask looks for the product of an event in the list of each strategy. The night's
// lists know the history up to the morning only.
func (p *replay) ask(i int32, morning int) {
	user, product := p.e.User[i], p.e.ProductIDs[p.e.Product[i]]
	past := p.past[user]
	q := Request{N: p.o.N, History: past, IncludeSeen: true}
	for _, event := range past {
		q.Filter.Exclude = append(q.Filter.Exclude, event.ProductID)
	}
	p.result.Events++
	for strategy, r := range p.models {
		asked := q
		var l List
		switch strategy {
		case byPopularity:
			l = r.BestSellers(asked)
		case byNightlyLists:
			asked.History = past[:morning]
			l = r.Recommend(asked)
		default:
			l = r.Recommend(asked)
		}
		if slices.ContainsFunc(l.Items, func(item Item) bool { return item.ProductID == product }) {
			p.result.Strategies[strategy].Hits++
		}
	}
}
