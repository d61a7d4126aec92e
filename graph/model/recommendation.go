package model

// Recommendation is one entry of a list.
type Recommendation struct {
	Product Product
	Rank    int
	Score   float64
	// Why is what an explanation is asked for with; nil where the entry does
	// not come from a user's factor.
	Why *Why
}

// Why names the list that an entry comes from.
type Why struct {
	UserID  string
	Without []string // events that the list leaves out
}
