package engine

import (
	"time"

	"valse/engine/als"
	"valse/engine/eval"
)

// Model is what training made: immutable once built, shared by all readers.
type Model struct {
	Info Info

	UserIDs    []string // row u of X belongs to UserIDs[u]
	ProductIDs []string // row p of Y belongs to ProductIDs[p]

	X als.Factors // users × rank
	Y als.Factors // products × rank

	// Mean and the biases belong to explicit models; zero and nil otherwise.
	Mean        float32
	UserBias    []float32
	ProductBias []float32
}

// Info describes a model: model.json beside its factor tables.
type Info struct {
	ID        string    `json:"id"` // sortable by time of creation
	CreatedAt time.Time `json:"createdAt"`
	Settings  Settings  `json:"settings"`
	Snapshot  string    `json:"snapshot"` // name of the warehouse snapshot it was trained on
	RunID     string    `json:"runId,omitempty"`
	// Parent is the model that an incremental one continues.
	Parent string `json:"parent,omitempty"`

	Users        int `json:"users"`
	Products     int `json:"products"`
	Interactions int `json:"interactions"`
	// Newest is the time of the newest interaction: what ages are counted
	// back from where confidence decays.
	Newest time.Time `json:"newest"`

	Sweeps []als.Sweep `json:"sweeps"`
	// Evaluation compares the model with baselines on held-out events; nil
	// when it was skipped.
	Evaluation *Evaluation `json:"evaluation,omitempty"`
	// Interviews say how to ask newcomers; nil where that was not measured.
	Interviews *Interviews `json:"interviews,omitempty"`
	// Calibration makes widths of scores; nil where there was too little to
	// measure it on.
	Calibration *Calibration `json:"calibration,omitempty"`
	// Grid is the leaderboard of the search that chose the settings, best
	// first; empty when there was none.
	Grid []Trial `json:"grid,omitempty"`
	// Tuned is what a search by halving came to; nil when there was none.
	Tuned *Tuned `json:"tuned,omitempty"`
}

// Evaluation is what held-out events say of settings and of baselines.
type Evaluation struct {
	Split string `json:"split"` // like "time 80/20" or "60/20/20"
	// Reports are ordered: the model, then the baselines.
	Reports []NamedReport `json:"reports"`
	// RMSE of an explicit model on the test part, and of biases alone; 0 for implicit.
	ValidationRMSE float64 `json:"validationRmse,omitempty"`
	TestRMSE       float64 `json:"testRmse,omitempty"`
	BiasRMSE       float64 `json:"biasRmse,omitempty"`
}

// NamedReport is the ranking quality of one contender.
type NamedReport struct {
	Name   string      `json:"name"` // "model", "popularity" or "item-to-item"
	Report eval.Report `json:"report"`
}

// Trial is one point of a search.
type Trial struct {
	// Name is that of a recommender without factors that took part, like
	// "popularity"; empty for settings of a model.
	Name       string   `json:"name,omitempty"`
	Settings   Settings `json:"settings"`
	Validation float64  `json:"validation"` // RMSE (explicit, lower is better) or NDCG@20 (implicit, higher is better)
	Test       float64  `json:"test"`
	// Skipped says why the point was left out, like "not finite".
	Skipped string `json:"skipped,omitempty"`
	Best    bool   `json:"best,omitempty"`
}
