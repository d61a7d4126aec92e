package journal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"valse/store"
)

// putBackLease lets one process at a time put back.
const putBackLease = "put back"

// putBack gives the backend what it lost and others have.
func (a *applier) putBack(ctx context.Context) error {
	const ttl = 30 * time.Second // renewed meanwhile
	lease, err := a.Backend.Acquire(ctx, putBackLease, a.name, ttl)
	for errors.Is(err, store.ErrHeld) {
		select {
		case <-time.After(a.o.Every):
		case <-ctx.Done():
			return ctx.Err()
		}
		lease, err = a.Backend.Acquire(ctx, putBackLease, a.name, ttl)
	}
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookTimeout)
		defer cancel()
		a.Backend.Release(ctx, lease)
	}()
	err = store.WhileHeld(ctx, a.Backend, lease, ttl, func(ctx context.Context) error {
		for _, step := range []func(context.Context) error{a.buryAgain, a.restock, a.putBackLog, a.putBackControl} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put back what the store lost: %w", err)
	}
	return nil
}

// buryAgain puts back tombstones, in their order.
func (a *applier) buryAgain(ctx context.Context) error {
	there, err := a.Backend.Erased(ctx, 0)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, e := range there {
		known[e.UserID] = true
	}
	for _, e := range a.control.erasures() {
		if known[e.UserID] {
			continue
		}
		if _, err := a.Backend.EraseUser(ctx, e.UserID); err != nil {
			return err
		}
	}
	return nil
}

// restock puts back products and users where the archive's are newer.
func (a *applier) restock(ctx context.Context) error {
	if a.o.Archive == nil {
		return nil
	}
	products, err := newer(ctx, a.o.Archive.ProductsVersion, a.Backend.CatalogVersion)
	if err != nil {
		return err
	}
	users, err := newer(ctx, a.o.Archive.UsersVersion, a.Backend.UsersVersion)
	if err != nil {
		return err
	}
	if products > 0 {
		err = a.o.Archive.EachProduct(ctx, products, func(batch []store.Product) error {
			_, _, err := a.Backend.PutProducts(ctx, batch)
			return err
		})
	}
	if err == nil && users > 0 {
		err = a.o.Archive.EachUser(ctx, users, func(batch []store.User) error {
			_, _, err := a.Backend.PutUsers(ctx, batch)
			return err
		})
	}
	if err != nil {
		return err
	}
	return a.Backend.RaiseVersions(ctx, products+1, users+1)
}

// newer returns the archive's version if it is above the backend's, else 0.
func newer(ctx context.Context, archive func() (int64, error), backend func(context.Context) (int64, error)) (int64, error) {
	kept, err := archive()
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	has, err := backend(ctx)
	if err != nil || has >= kept {
		return 0, err
	}
	return kept, nil
}

// putBackLog puts back interactions that the archive holds beyond the end of
// the backend's log, each at its place: what the archive has under a number
// stays under it, and numbers that it has seen are not given again.
func (a *applier) putBackLog(ctx context.Context) error {
	if a.o.Archive == nil {
		return nil
	}
	positions, err := a.o.Archive.Positions(ctx)
	if err != nil {
		return err
	}
	ends, err := a.Backend.LogEnd(ctx)
	if err != nil {
		return err
	}
	rows := 0
	for shard, end := range ends {
		if positions[shard] <= end {
			continue
		}
		err := a.o.Archive.ReadLog(ctx, shard, end, func(batch []store.Interaction) error {
			rows += len(batch)
			return a.Backend.PutBack(ctx, shard, batch, batch[len(batch)-1].Seq)
		})
		if err == nil {
			err = a.Backend.PutBack(ctx, shard, nil, positions[shard])
		}
		if err != nil {
			return err
		}
	}
	if rows > 0 {
		a.o.Logger.Warn("the store had lost interactions that the warehouse had: they are back", "interactions", rows)
	}
	return nil
}

// putBackControl puts back settings and publications that are missing.
func (a *applier) putBackControl(ctx context.Context) error {
	for _, name := range a.control.names("", "") {
		value, err := a.control.setting(name)
		if err != nil {
			continue // deleted meanwhile
		}
		if _, err := a.Backend.InitSetting(ctx, name, value); err != nil {
			return err
		}
	}
	if _, err := a.Backend.Published(ctx); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	publications := a.control.publications(keptPublications)
	for n := len(publications) - 1; n >= 0; n-- {
		if _, err := a.Backend.Publish(ctx, publications[n]); err != nil && !errors.Is(err, store.ErrConflict) {
			return err
		}
	}
	return nil
}
