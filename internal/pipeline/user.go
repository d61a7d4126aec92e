package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"valse/store"
)

// Erased is what an erasure removed.
type Erased struct {
	Interactions  int `json:"interactions"`  // from the store
	WarehouseRows int `json:"warehouseRows"` // from the warehouse's tables and models
	// Receipt is the signed text of a [Receipt].
	Receipt string `json:"receipt"`
}

// Erase removes a user from the store, and then from the warehouse's parts,
// tables and models. Reads stop showing the user with the first step; when the
// second fails, the transporter follows later.
func (p *Pipeline) Erase(ctx context.Context, userID string) (Erased, error) {
	if err := store.ValidateID("userId", userID); err != nil {
		return Erased{}, err
	}
	var gone Erased
	var err error
	if gone.Interactions, err = p.store.EraseUser(ctx, userID); err != nil {
		return gone, fmt.Errorf("erase user %q: %w", userID, err)
	}
	if gone.WarehouseRows, err = p.eraseFromWarehouse(ctx, userID); err != nil {
		return gone, fmt.Errorf("erase user %q from the warehouse: %w", userID, err)
	}
	if err = p.dropLettersOf(ctx, userID); err == nil {
		gone.Receipt, err = p.sign(ctx, Receipt{
			UserID: userID, ErasedAt: p.o.Clock().UTC(),
			Interactions: gone.Interactions, WarehouseRows: gone.WarehouseRows, Reached: reached,
		})
	}
	return gone, err
}

// Export is everything kept about one user.
type Export struct {
	User         ExportedUser          `json:"user"`
	Interactions []ExportedInteraction `json:"interactions"` // oldest first
	// List is their stored list under the published model.
	ModelID string         `json:"modelId,omitempty"`
	List    []store.Scored `json:"list,omitempty"`
	// Factor is their row in the published model.
	Factor []float32 `json:"factor,omitempty"`
	// DeadLetters are events of theirs that could not go where they belong.
	DeadLetters []store.DeadLetter `json:"deadLetters,omitempty"`
}

// ExportedUser is the user's own row.
type ExportedUser struct {
	UserID     string            `json:"userId"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	CreatedAt  time.Time         `json:"createdAt"`
}

// ExportedInteraction is one event, with the field names of the import formats.
type ExportedInteraction struct {
	EventID          string    `json:"event_id"`
	ProductID        string    `json:"item_id"`
	Type             string    `json:"type"`
	Value            float64   `json:"value"`
	Timestamp        time.Time `json:"timestamp"`
	Basket           string    `json:"basket,omitempty"`
	RecommendationID string    `json:"recommendation_id,omitempty"`
}

// Export collects everything kept about a user. store.ErrNotFound when nothing
// is.
func (p *Pipeline) Export(ctx context.Context, userID string) (*Export, error) {
	user, err := p.store.User(ctx, userID)
	if err != nil {
		return nil, err
	}
	export := &Export{User: ExportedUser{
		UserID: user.ID, Name: user.Name, Attributes: user.Attributes, CreatedAt: user.CreatedAt,
	}}
	if export.Interactions, err = p.wholeHistory(ctx, userID); err != nil {
		return nil, err
	}
	if export.DeadLetters, err = store.DeadLettersOf(ctx, p.store, userID); err != nil {
		return nil, err
	}
	if export.ModelID, err = p.publishedID(ctx); err != nil || export.ModelID == "" {
		return export, err
	}
	list, err := p.store.List(ctx, export.ModelID, userID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	export.List = list.Items
	model, err := p.warehouse.Model(ctx, export.ModelID)
	if err != nil {
		return nil, err
	}
	for i, id := range model.UserIDs {
		if id == userID {
			export.Factor = model.X.Row(i)
		}
	}
	return export, nil
}

// wholeHistory walks a user's history to its end and turns it round.
func (p *Pipeline) wholeHistory(ctx context.Context, userID string) ([]ExportedInteraction, error) {
	events := []ExportedInteraction{}
	for q := (store.HistoryQuery{}); ; {
		page, err := p.store.History(ctx, userID, q)
		if err != nil {
			return nil, err
		}
		for _, i := range page.Interactions {
			events = append(events, ExportedInteraction{
				EventID: i.EventID, ProductID: i.ProductID, Type: i.Type.String(), Value: i.Value,
				Timestamp: i.Time, Basket: i.Basket, RecommendationID: i.RecommendationID,
			})
		}
		if !page.HasNext {
			break
		}
		q.Before = page.Cursors[len(page.Cursors)-1]
	}
	slices.Reverse(events)
	return events, nil
}

// publishedID is the id of the published model; empty when none is.
func (p *Pipeline) publishedID(ctx context.Context) (string, error) {
	published, err := p.store.Published(ctx)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return published.ModelID, err
}
