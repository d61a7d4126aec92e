package graph

import (
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"valse/engine"
	"valse/graph/model"
	"valse/internal/pipeline"
	"valse/store"
)

// decodeProducts checks and converts; one bad product refuses them all.
func decodeProducts(inputs []model.ProductInput) ([]store.Product, error) {
	products := make([]store.Product, len(inputs))
	for i, in := range inputs {
		if err := checkProduct(fmt.Sprintf("products[%d].", i), in); err != nil {
			return nil, err
		}
		products[i] = store.Product{
			ID: in.ProductID, Title: in.Title, Description: value(in.Description),
			Category: value(in.Category), Vendor: value(in.Vendor),
			Price: -1, Currency: value(in.Currency), ImageURL: value(in.ImageURL),
			PublishedAt: value(in.PublishedAt),
			OutOfStock:  in.InStock != nil && !*in.InStock,
			Hidden:      value(in.Hidden),
			Attributes:  decodeAttributes(in.Attributes),
		}
		if in.Price != nil {
			products[i].Price = *in.Price
		}
	}
	return products, nil
}

func checkProduct(prefix string, in model.ProductInput) error {
	if err := store.ValidateID(prefix+"productId", in.ProductID); err != nil {
		return err
	}
	bad := func(field, got, want string) error {
		return &store.Invalid{Field: prefix + field, Value: got, Want: want}
	}
	picture, err := url.Parse(value(in.ImageURL))
	switch {
	case in.Title == "":
		return bad("title", "", "a title")
	case in.Price != nil && *in.Price < 0:
		return bad("price", fmt.Sprint(*in.Price), "an amount in minor units, 0 or more")
	case (in.Price == nil) != (value(in.Currency) == ""):
		return bad("currency", value(in.Currency), "given together with price")
	case in.Currency != nil && *in.Currency != "" && len(*in.Currency) != 3:
		return bad("currency", *in.Currency, "an ISO 4217 code like EUR")
	case err != nil || picture.Scheme != "" && picture.Scheme != "https" && picture.Scheme != "http":
		return bad("imageUrl", *in.ImageURL, "an http or https address or a path on this server")
	}
	return nil
}

func decodeAttributes(inputs []model.AttributeInput) map[string]string {
	if len(inputs) == 0 {
		return nil
	}
	attributes := make(map[string]string, len(inputs))
	for _, a := range inputs {
		attributes[a.Name] = a.Value
	}
	return attributes
}

// decodeUsers checks and converts; one bad user refuses them all.
func decodeUsers(inputs []model.UserInput) ([]store.User, error) {
	users := make([]store.User, len(inputs))
	for i, in := range inputs {
		if err := store.ValidateID(fmt.Sprintf("users[%d].userId", i), in.UserID); err != nil {
			return nil, err
		}
		users[i] = store.User{ID: in.UserID, Name: value(in.Name), Attributes: decodeAttributes(in.Attributes)}
	}
	return users, nil
}

// decodeInteractions checks and converts events that identity i records at
// now; one bad event refuses them all.
func decodeInteractions(inputs []model.InteractionInput, i Identity, now time.Time) ([]store.Interaction, error) {
	events := make([]store.Interaction, len(inputs))
	for n, in := range inputs {
		events[n] = store.Interaction{
			EventID: value(in.EventID), UserID: i.UserID,
			ProductID: model.LocalID(model.KindProduct, in.ProductID),
			Type:      in.Type, Value: in.Value, Time: now,
			Basket: value(in.Basket), RecommendationID: value(in.RecommendationID),
		}
		e := &events[n]
		if e.EventID == "" {
			e.EventID = uuid.NewString()
		}
		if in.UserID != nil {
			e.UserID = model.LocalID(model.KindUser, *in.UserID)
		}
		if in.Time != nil {
			e.Time = in.Time.UTC().Truncate(time.Microsecond)
		}
		if err := i.speakFor(e.UserID); err != nil {
			return nil, err
		}
		if in.UserID == nil && i.UserID == "" {
			return nil, &store.Invalid{Field: fmt.Sprintf("interactions[%d].userId", n), Want: noViewer}
		}
		if e.Validate("", now) != nil {
			return nil, e.Validate(fmt.Sprintf("interactions[%d].", n), now)
		}
	}
	return events, nil
}

// decodeTraining converts; the pipeline checks the settings.
func decodeTraining(in model.TrainingInput) (pipeline.TrainInput, error) {
	t := pipeline.TrainInput{
		Settings: engine.Settings{
			Feedback: in.Feedback, Rank: value(in.Rank), Iterations: value(in.Iterations),
			UnobservedWeight: value(in.UnobservedWeight), Reg: value(in.Reg), RegExponent: value(in.RegExponent),
			HalfLife: value(in.HalfLife), Binary: value(in.Binary), Fast: value(in.Fast), Seed: uint64(value(in.Seed)),
		},
		Evaluate: in.Evaluate && !in.Incremental, Publish: in.Publish, Incremental: in.Incremental,
	}
	if value(in.Weights) != "" {
		weights, err := engine.ParseWeights(*in.Weights)
		if err != nil {
			return t, err
		}
		t.Settings.Weights = weights
	}
	if g := in.Grid; g != nil {
		t.Grid = &engine.Grid{Ranks: g.Ranks, Regs: g.Regs, Iterations: g.Iterations, UnobservedWeights: g.UnobservedWeights}
	}
	if in.Tune != nil {
		if t.Tune = *in.Tune; t.Settings.Feedback == engine.Explicit {
			return t, &store.Invalid{Field: "tune", Value: fmt.Sprint(t.Tune), Want: "implicit feedback: search a grid for stars"}
		}
		if err := engine.ValidBudget(t.Tune); err != nil {
			return t, err
		}
	}
	return t, t.Settings.WithDefaults().Validate()
}
