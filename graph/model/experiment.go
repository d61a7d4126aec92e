package model

import (
	"time"

	"valse/internal/experiment"
	"valse/internal/trace"
)

// Experiment shows an experiment.
type Experiment struct {
	Number        int
	Name          string
	Kind          experiment.Kind
	Arms          []ExperimentArm
	Goal          trace.Step
	MinimumEffect float64
	StartedAt     time.Time
	StoppedAt     *time.Time // nil while it runs

	// Kept is what the verdict is read for.
	Kept *experiment.Experiment
}
