package engine

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"valse/store"
)

// Feedback is the kind of evidence a model is trained on.
type Feedback string

// The kinds of feedback.
const (
	// Implicit trains on everything people do, as confidence (Hu, Koren,
	// Volinsky 2008).
	Implicit Feedback = "IMPLICIT"
	// Explicit trains on stars alone, with biases (Koren, Bell, Volinsky 2009).
	Explicit Feedback = "EXPLICIT"
)

// Weights is the confidence of one event of each type; types that are absent
// count nothing.
type Weights map[store.EventType]float64

// DefaultWeights are the confidences used when none are given. A dislike or a
// hidden product is no evidence of interest; a rating counts from three stars
// up in proportion to them.
func DefaultWeights() Weights {
	return Weights{
		store.View: 1, store.Click: 1, store.Cart: 3, store.Purchase: 5,
		store.Like: 4, store.Rating: 4,
	}
}

// ParseWeights reads "VIEW=1,CART=3". The error is a store.Invalid.
func ParseWeights(text string) (Weights, error) {
	w := Weights{}
	for part := range strings.SplitSeq(text, ",") {
		name, number, ok := strings.Cut(part, "=")
		if !ok {
			return nil, &store.Invalid{Field: "weights", Value: part, Want: "TYPE=NUMBER, like PURCHASE=5"}
		}
		t, err := store.ParseEventType(name)
		if err != nil {
			return nil, err
		}
		v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || math.IsNaN(v) || v < 0 || v > 1e6 {
			return nil, &store.Invalid{Field: "weights." + t.String(), Value: number, Want: "a number from 0 to 1e6"}
		}
		w[t] = v
	}
	return w, nil
}

// String is the inverse of [ParseWeights], in order of type.
func (w Weights) String() string {
	var parts []string
	for _, t := range store.EventTypes() {
		if v, ok := w[t]; ok {
			parts = append(parts, t.String()+"="+strconv.FormatFloat(v, 'g', -1, 64))
		}
	}
	return strings.Join(parts, ",")
}

// Equal reports whether all types that count, count the same.
func (w Weights) Equal() bool {
	var first float64
	for _, v := range w {
		if first == 0 {
			first = v
		}
		if v != 0 && v != first {
			return false
		}
	}
	return true
}

// MarshalJSON writes {"VIEW":1,…}.
func (w Weights) MarshalJSON() ([]byte, error) {
	named := make(map[string]float64, len(w))
	for t, v := range w {
		named[t.String()] = v
	}
	return json.Marshal(named)
}

// UnmarshalJSON reads {"VIEW":1,…}.
func (w *Weights) UnmarshalJSON(data []byte) error {
	var named map[string]float64
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	*w = make(Weights, len(named))
	for name, v := range named {
		t, err := store.ParseEventType(name)
		if err != nil {
			return err
		}
		(*w)[t] = v
	}
	return nil
}

// Settings decide what a model is trained to. They are the loss's own (see
// package als for it) and travel with the model.
type Settings struct {
	Feedback   Feedback `json:"feedback"`   // default Implicit
	Rank       int      `json:"rank"`       // columns of the factor tables; default 64, explicit 32
	Iterations int      `json:"iterations"` // sweeps; default 12, explicit 15
	// UnobservedWeight is w₀, the confidence that an unobserved pair is a
	// zero; implicit only. Default 0.1. The best value differs by 100 times
	// between shops: try it.
	UnobservedWeight float64 `json:"unobservedWeight"`
	Reg              float64 `json:"reg"`         // λ; default 0.003, explicit 1.5
	RegExponent      float64 `json:"regExponent"` // ν, how λ scales with a row's count; default 1, explicit 0.5
	Weights          Weights `json:"weights"`     // implicit only; default DefaultWeights
	// HalfLife in days halves an event's confidence with age, counted back
	// from the newest event; 0 means no decay.
	HalfLife float64 `json:"halfLife"`
	// Binary makes every observed pair count 1, whatever happened how often.
	Binary bool `json:"binary"`
	// Fast solves each row by two steps of conjugate gradient instead of to
	// rounding, where that is cheaper: see docs/engine.md for what it costs in
	// quality; implicit only.
	Fast bool   `json:"fast,omitempty"`
	Seed uint64 `json:"seed"` // of the initial factors; default 1
	// Threads used for training; 0 means all. It never changes the result.
	Threads int `json:"-"`
}

// WithDefaults fills what is zero.
func (s Settings) WithDefaults() Settings {
	explicit := s.Feedback == Explicit
	pick := func(v *float64, implicitDefault, explicitDefault float64) {
		if *v == 0 && explicit {
			*v = explicitDefault
		} else if *v == 0 {
			*v = implicitDefault
		}
	}
	if s.Feedback == "" {
		s.Feedback = Implicit
	}
	if s.Rank == 0 {
		s.Rank = map[bool]int{false: 64, true: 32}[explicit]
	}
	if s.Iterations == 0 {
		s.Iterations = map[bool]int{false: 12, true: 15}[explicit]
	}
	pick(&s.UnobservedWeight, 0.1, 0)
	pick(&s.Reg, 0.003, 1.5)
	pick(&s.RegExponent, 1, 0.5)
	if len(s.Weights) == 0 && !explicit {
		s.Weights = DefaultWeights()
	}
	if s.Seed == 0 {
		s.Seed = 1
	}
	return s
}

// Validate checks settings after defaults. The error is a store.Invalid.
func (s Settings) Validate() error {
	bad := func(field string, value any, want string) error {
		return &store.Invalid{Field: field, Value: fmt.Sprint(value), Want: want}
	}
	finite := func(v, low, high float64) bool { return v >= low && v <= high }
	switch {
	case s.Feedback != Implicit && s.Feedback != Explicit:
		return bad("feedback", s.Feedback, "IMPLICIT or EXPLICIT")
	case s.Rank < 1 || s.Rank > 1024:
		return bad("rank", s.Rank, "a number from 1 to 1024")
	case s.Iterations < 1 || s.Iterations > 1000:
		return bad("iterations", s.Iterations, "a number from 1 to 1000")
	case s.Feedback == Implicit && !finite(s.UnobservedWeight, 1e-9, 1e3):
		return bad("unobservedWeight", s.UnobservedWeight, "a number from 1e-9 to 1000")
	case !finite(s.Reg, 1e-9, 1e6):
		return bad("reg", s.Reg, "a number from 1e-9 to 1e6")
	case !finite(s.RegExponent, 0, 2):
		return bad("regExponent", s.RegExponent, "a number from 0 to 2")
	case !finite(s.HalfLife, 0, 1e5):
		return bad("halfLife", s.HalfLife, "a number of days from 0 to 100000")
	}
	return nil
}
