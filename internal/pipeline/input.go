package pipeline

import (
	"valse/engine"
	"valse/warehouse"
)

// TrainInput asks for a model: the input of a TRAIN run.
type TrainInput struct {
	Settings engine.Settings `json:"settings"`
	// Grid is searched instead of training Settings alone; the best point on
	// validation replaces what it names.
	Grid *engine.Grid `json:"grid,omitempty"`
	// Tune, when not zero, is how many settings engine.Tune may try instead; a
	// model that loses to best-sellers there is not published.
	Tune int `json:"tune,omitempty"`
	// Incremental continues the published model: its settings stay, and only
	// the users and products with newer events are solved again. Settings,
	// Grid, Tune and Evaluate play no part.
	Incremental bool `json:"incremental,omitempty"`
	// Evaluate measures held-out quality before training on everything.
	Evaluate bool `json:"evaluate"`
	// Publish publishes the model unless it is worse than what serves now.
	Publish bool `json:"publish"`
}

// TrainOutput is what came of a TRAIN run.
type TrainOutput struct {
	ModelID  string `json:"modelId"`
	Snapshot string `json:"snapshot"`
	// Missing is what the snapshot lacks: files that were damaged and set aside.
	Missing []warehouse.Missing `json:"missing,omitempty"`
	// Published tells whether lists come from it now; Refused says why not
	// when it was asked for.
	Published bool   `json:"published"`
	Refused   string `json:"refused,omitempty"`
}

// PublishInput names the model to publish: the input of a PUBLISH run.
type PublishInput struct {
	ModelID string `json:"modelId"`
}

// PublishOutput is what came of a PUBLISH run.
type PublishOutput struct {
	ModelID string `json:"modelId"`
	Lists   int    `json:"lists"` // lists stored, the default one included
}

// ImportInput asks for an import: the input of an IMPORT run. Its output is
// the report of package sources.
type ImportInput struct {
	Source          string       `json:"source"`
	Files           []ImportFile `json:"files"`
	DryRun          bool         `json:"dryRun"`
	ContinueOnError bool         `json:"continueOnError"`
}

// ImportFile is one file of an import.
type ImportFile struct {
	Role string `json:"role"` // like "interactions"; empty lets the source recognise it by name
	Name string `json:"name"` // the name it had where it came from
	Path string `json:"path"` // where it lies on this machine
}
