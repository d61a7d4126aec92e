package engine

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"valse/engine/als"
)

// Update continues a model with newer events, without training on all of them:
// only the users and products whose events are not those the model was trained
// on are solved again, users, then products, then users once more, from the rows
// that the model has. All other rows stay as they are. Before are the model's
// own events, after those it should know. The settings stay.
//
// It costs what was touched, not what there is; how much is lost is measured in
// docs/live.md. Nothing is held out, so the model has no evaluation.
func Update(ctx context.Context, base *Model, before, after *Events, o TrainOptions) (*Model, error) {
	s := base.Info.Settings.WithDefaults()
	v, err := after.read(s)
	if err != nil {
		return nil, fmt.Errorf("update model %s: %w", base.Info.ID, err)
	}
	u := updater{base: base, m: base.over(v), s: s, o: o}
	u.users = v.matrix(v.all())
	u.products = u.users.Transpose()
	u.touchedUsers = touched(before.UserIDs, before.User, after.UserIDs, after.User, v.users)
	u.touchedProducts = touched(before.ProductIDs, before.Product, after.ProductIDs, after.Product, v.products)
	if err := u.passes(ctx); err != nil {
		return nil, fmt.Errorf("update model %s: %w", base.Info.ID, err)
	}
	u.m.Info = Info{
		ID: o.ID, CreatedAt: o.CreatedAt, Settings: base.Info.Settings, Snapshot: o.Snapshot, RunID: o.RunID,
		Parent: base.Info.ID, Users: len(v.users), Products: len(v.products), Interactions: v.len(),
		Newest: time.UnixMicro(v.newest(v.all())).UTC(), Calibration: base.Info.Calibration, Interviews: base.Info.Interviews,
	}
	return u.m, nil
}

// over returns a model of the users and products of evidence with the rows that
// m has of them, and zeros of the others.
func (m *Model) over(v *evidence) *Model {
	n := &Model{UserIDs: v.users, ProductIDs: v.products, Mean: m.Mean}
	n.X, n.UserBias = rowsOf(v.users, m.UserIDs, m.X, m.UserBias)
	n.Y, n.ProductBias = rowsOf(v.products, m.ProductIDs, m.Y, m.ProductBias)
	return n
}

// rowsOf picks the rows, and biases where there are any, that belong to ids.
func rowsOf(ids, known []string, f als.Factors, bias []float32) (als.Factors, []float32) {
	number := make(map[string]int, len(known))
	for i, id := range known {
		number[id] = i
	}
	rows := als.NewFactors(len(ids), f.Rank)
	var biases []float32
	if bias != nil {
		biases = make([]float32, len(ids))
	}
	for i, id := range ids {
		if from, ok := number[id]; ok {
			copy(rows.Row(i), f.Row(from))
			if bias != nil {
				biases[i] = bias[from]
			}
		}
	}
	return rows, biases
}

// touched returns the positions among ids of those with another number of events
// after than before.
func touched(beforeIDs []string, before []int32, afterIDs []string, after []int32, ids []string) []int32 {
	more := make(map[string]int, len(afterIDs))
	for _, n := range after {
		more[afterIDs[n]]++
	}
	for _, n := range before {
		more[beforeIDs[n]]--
	}
	var positions []int32
	for i, id := range ids {
		if more[id] != 0 {
			positions = append(positions, int32(i))
		}
	}
	return positions
}

// updater is one Update under way.
type updater struct {
	base, m         *Model
	s               Settings
	o               TrainOptions
	users, products *als.Matrix // products is the transpose
	touchedUsers    []int32
	touchedProducts []int32
}

func (u *updater) passes(ctx context.Context) error {
	step := func(n int, side *Model, rows []int32, data *als.Matrix) error {
		if err := side.resolve(ctx, u.s, rows, data); err != nil {
			return err
		}
		return u.o.progress(Progress{Phase: PhaseUpdate, Step: n, Of: 3})
	}
	if err := step(1, u.m, u.touchedUsers, u.users); err != nil {
		return err
	}
	if err := step(2, u.m.flipped(), u.touchedProducts, u.products); err != nil {
		return err
	}
	return step(3, u.m, u.touchedUsers, u.users)
}

// flipped is the model with users and products exchanged; it shares its tables.
func (m *Model) flipped() *Model {
	return &Model{
		Info: m.Info, UserIDs: m.ProductIDs, ProductIDs: m.UserIDs,
		X: m.Y, Y: m.X, Mean: m.Mean, UserBias: m.ProductBias, ProductBias: m.UserBias,
	}
}

// resolve solves some rows of X against Y.
func (m *Model) resolve(ctx context.Context, s Settings, rows []int32, data *als.Matrix) error {
	if len(rows) == 0 {
		return ctx.Err()
	}
	f := newFolder(m, s)
	var next atomic.Int64
	var wait sync.WaitGroup
	threads := s.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	for range min(threads, len(rows)) {
		wait.Go(func() {
			for k := next.Add(1) - 1; k < int64(len(rows)) && ctx.Err() == nil; k = next.Add(1) - 1 {
				u := int(rows[k])
				index, weight := data.Row(u)
				if bias := f.solve(m.X.Row(u), index, weight); m.UserBias != nil {
					m.UserBias[u] = bias
				}
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}
