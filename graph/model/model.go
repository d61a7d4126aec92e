package model

import (
	"valse/engine"
	"valse/engine/eval"
	"valse/store"
)

// Model shows a kept model.
type Model struct {
	engine.Info
	// Published tells whether lists come from it now.
	Published bool
}

// IsNode marks a type with global ids.
func (Model) IsNode() {}

// ID is the global id.
func (m *Model) ID() string { return GlobalID(KindModel, m.Info.ID) }

// ModelID is the engine's own id.
func (m *Model) ModelID() string { return m.Info.ID }

// RunID is nil for an imported model.
func (m *Model) RunID() *string { return optional(m.Info.RunID) }

// Parent is nil for a model trained from scratch.
func (m *Model) Parent() *string { return optional(m.Info.Parent) }

// Settings is what it was trained to.
func (m *Model) Settings() *ModelSettings { return &ModelSettings{m.Info.Settings} }

// Sweeps is the loss after each sweep.
func (m *Model) Sweeps() []Sweep {
	sweeps := make([]Sweep, len(m.Info.Sweeps))
	for i, s := range m.Info.Sweeps {
		sweeps[i] = Sweep{Sweep: s.N, Loss: s.Loss, Rmse: optional(s.RMSE)}
	}
	return sweeps
}

// Evaluation is nil when it was skipped.
func (m *Model) Evaluation() *Evaluation {
	e := m.Info.Evaluation
	if e == nil {
		return nil
	}
	view := &Evaluation{
		Split:          e.Split,
		ValidationRmse: optional(e.ValidationRMSE),
		TestRmse:       optional(e.TestRMSE),
		BiasRmse:       optional(e.BiasRMSE),
		Reports:        make([]EvaluationReport, len(e.Reports)),
	}
	for i, r := range e.Reports {
		view.Reports[i] = newReport(r.Name, r.Report)
	}
	return view
}

// Grid is the leaderboard of the search that chose the settings.
func (m *Model) Grid() []Trial {
	trials := make([]Trial, len(m.Info.Grid))
	for i, t := range m.Info.Grid {
		trials[i] = Trial{
			Name:       optional(t.Name),
			Settings:   ModelSettings{t.Settings},
			Validation: t.Validation,
			Test:       t.Test,
			Skipped:    optional(t.Skipped),
			Best:       t.Best,
		}
	}
	return trials
}

// Tuned is nil where settings were not searched by halving.
func (m *Model) Tuned() *Tuned {
	t := m.Info.Tuned
	if t == nil {
		return nil
	}
	return &Tuned{Winner: t.Winner, Advice: t.Advice, Refused: t.Refused}
}

// coverageAt is the length of the lists whose coverage and novelty are shown.
const coverageAt = 20

func newReport(name string, r eval.Report) EvaluationReport {
	view := EvaluationReport{Name: name, Users: r.Users, Metrics: make([]MetricAt, len(r.At))}
	for i, at := range r.At {
		view.Metrics[i] = MetricAt{K: at.K, Recall: at.Recall, Ndcg: at.NDCG, Map: at.MAP, HitRate: at.HitRate}
		if at.K == coverageAt || i == 0 {
			view.Coverage, view.Novelty = at.Coverage, at.Novelty
		}
	}
	return view
}

// ModelSettings shows settings of the engine.
type ModelSettings struct{ engine.Settings }

// Weights reads like "VIEW=1,PURCHASE=5".
func (s *ModelSettings) Weights() string { return s.Settings.Weights.String() }

// Publication shows one flip of the pointer.
type Publication struct{ store.Publication }

// Previous is nil for the first.
func (p *Publication) Previous() *string { return optional(p.Publication.Previous) }
