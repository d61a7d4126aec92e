package engine

// Quality is the one held-out figure that models of a kind are compared by.
type Quality struct {
	Metric string // "NDCG@20", or "RMSE" of stars, where less is better
	Value  float64
	// Baseline is the same figure of what anyone can have: popularity, or
	// biases alone.
	Baseline float64
}

// qualityCut is the list length that implicit models are compared at.
const qualityCut = 20

// Quality returns the model's figure; ok is false when it was not measured.
func (i *Info) Quality() (q Quality, ok bool) {
	e := i.Evaluation
	if e == nil {
		return q, false
	}
	if i.Settings.Feedback == Explicit {
		return Quality{Metric: "RMSE", Value: e.TestRMSE, Baseline: e.BiasRMSE}, e.TestRMSE > 0
	}
	q.Metric = "NDCG@20"
	for _, r := range e.Reports {
		for _, at := range r.Report.At {
			switch {
			case at.K != qualityCut:
			case r.Name == "model":
				q.Value, ok = at.NDCG, true
			case r.Name == "popularity":
				q.Baseline = at.NDCG
			}
		}
	}
	return q, ok
}

// LosesToBaseline reports whether the baseline does better.
func (q Quality) LosesToBaseline() bool {
	if q.Metric == "RMSE" {
		return q.Value > q.Baseline
	}
	return q.Value < q.Baseline
}

// FallsBehind reports whether q is clearly worse than what serves now: by a
// tenth of NDCG, or a fiftieth of RMSE. It is false for figures of two kinds.
func (q Quality) FallsBehind(serving Quality) bool {
	switch {
	case q.Metric != serving.Metric:
		return false
	case q.Metric == "RMSE":
		return q.Value > 1.02*serving.Value
	default:
		return q.Value < 0.9*serving.Value
	}
}
