package model

import "valse/engine"

// Recommendation is one entry of a list.
type Recommendation struct {
	RecommendationID string
	// Arm is nil but in an interleaved list.
	Arm     *int
	Product *Product // shared with others: only to be read
	Rank    int
	Score   float64
	Source  engine.Source
	Rules   []string // ids
	// Why is what an explanation is asked for with; nil where the entry does
	// not come from a user's factor.
	Why *Why
}

// Why is the user whose list an entry comes from.
type Why struct {
	// State is what the model makes of them, worked out when it is first asked
	// for and once for all entries of the list.
	State func() (*engine.State, error)
}
