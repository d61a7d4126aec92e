package bench

// Job is the first line that a contestant reads: what to get ready for. It
// answers {} when it is, and then each line
//
//	"round"  with a Turn, after it has done its work once more;
//	"save"   with {}, after it has written what it reached to Job.Out, if it can.
//
// A contestant that cannot do the job answers {"error": …}.
type Job struct {
	Kind    string `json:"kind"`    // "als": a round is a sweep; "topk": a round makes lists for Users users
	Solver  string `json:"solver"`  // of the contestant's own solvers, which one
	Matrix  string `json:"matrix"`  // file of the training matrix: users, items and entries, offsets of the rows as 64-bit integers; columns as 32-bit ones
	Factors string `json:"factors"` // file of the factors to start from, or to make lists of: users' and then items', as 32-bit floats
	Out     string `json:"out"`     // where to save: factors in the same form, or lists as 32-bit integers, a row for each user
	Threads int    `json:"threads"`
	Rounds  int    `json:"rounds"` // how many there will be at most

	// Of the loss, as package als states it.
	Rank             int     `json:"rank"`
	UnobservedWeight float64 `json:"w0"`
	Reg              float64 `json:"reg"`
	RegExponent      float64 `json:"nu"`

	// Of the lists.
	Users int `json:"users"` // the first so many users get lists
	N     int `json:"n"`     // length of a list
}

// Turn is what one round took.
type Turn struct {
	CPU   float64 `json:"cpu"`  // seconds of processor time, user and system
	Wall  float64 `json:"wall"` // seconds
	Peak  int64   `json:"peak"` // bytes resident at most so far
	Loss  float64 `json:"loss"` // of the job, where the contestant knows it; 0 else
	Error string  `json:"error"`
}
