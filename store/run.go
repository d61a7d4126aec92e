package store

import (
	"context"
	"encoding/json"
	"time"
)

// RunKind is what a run does.
type RunKind string

// The kinds of run.
const (
	RunImport   RunKind = "IMPORT"
	RunTrain    RunKind = "TRAIN"
	RunPublish  RunKind = "PUBLISH"
	RunEvaluate RunKind = "EVALUATE"
)

// RunState is where a run stands.
type RunState string

// The states of a run: queued → running → one of the three ends.
const (
	Queued    RunState = "QUEUED"
	Running   RunState = "RUNNING"
	Succeeded RunState = "SUCCEEDED"
	Failed    RunState = "FAILED"
	Cancelled RunState = "CANCELLED"
)

// Ended reports whether the state is final.
func (s RunState) Ended() bool { return s == Succeeded || s == Failed || s == Cancelled }

// Run is one long piece of work that people watch.
type Run struct {
	ID    string
	Kind  RunKind
	State RunState
	// Title says in a few words what it does.
	Title string
	// Progress is 0 to 1; Message says what it is doing now.
	Progress float64
	Message  string
	// Input and Output are JSON objects whose shape the kind decides.
	Input, Output json.RawMessage
	// Points is the curve so far, like loss per sweep.
	Points []RunPoint
	// Error says why it failed; empty otherwise.
	Error string
	// Owner is the process that runs it, Heartbeat its last sign of life.
	Owner     string
	Heartbeat time.Time
	// CancelRequested asks the owner to stop.
	CancelRequested               bool
	CreatedAt, StartedAt, EndedAt time.Time
}

// RunPoint is one step of a run's curve.
type RunPoint struct {
	Step   int     `json:"step"`
	Series string  `json:"series,omitempty"` // empty for the main curve, else like "rank=64 reg=0.01"
	Loss   float64 `json:"loss"`
	Metric float64 `json:"metric,omitempty"` // RMSE or recall where known
}

// Runs is the store's role as keeper of runs.
type Runs interface {
	// CreateRun stores a queued run. ErrConflict when the id is taken.
	CreateRun(ctx context.Context, r Run) error
	// ClaimRun moves the oldest queued run of these kinds to Running under
	// owner. ErrNotFound when none waits.
	ClaimRun(ctx context.Context, owner string, kinds []RunKind, now time.Time) (Run, error)
	// UpdateRun replaces a running run. ErrConflict when it has ended or has
	// another owner meanwhile: the caller must stop. CancelRequested is kept
	// as stored, and the stored run is returned.
	UpdateRun(ctx context.Context, r Run) (Run, error)
	// RequestCancel asks a running run to stop and ends a queued one at once.
	// ErrConflict when it has ended.
	RequestCancel(ctx context.Context, id string, now time.Time) (Run, error)
	// FailStale marks running runs whose heartbeat is older than before as
	// failed and returns them.
	FailStale(ctx context.Context, before time.Time) ([]Run, error)
	// Run returns one run. ErrNotFound.
	Run(ctx context.Context, id string) (Run, error)
	// RunList returns the newest runs of a kind (all when empty) created
	// before the one with id after (empty starts with the newest): 1 to
	// MaxPage of them, 20 for a limit of 0. ErrNotFound when there is no such
	// run, ErrInvalid for a limit out of bounds.
	RunList(ctx context.Context, kind RunKind, after string, limit int) ([]Run, error)
}
