package als

// Folder computes user factors from histories against fixed item factors, as
// Train does in its last half sweep: a user the training never saw gets the
// factor that training on them would have given. It is immutable and safe for
// concurrent use; Solve allocates nothing once warm.
type Folder struct{}

// NewFolder prepares folding in against items with the settings they were
// trained with. It copies what it needs of items.
func NewFolder(items Factors, s Settings) *Folder { panic("als: not yet") }

// Solve writes the factor of a user with the given history into dst, which has
// the items' rank. The history names each item once, in any order; nil weight
// means ones. An empty history gives zeros.
func (f *Folder) Solve(dst []float32, index []int32, weight []float32) { panic("als: not yet") }

// Explain splits the score of item for a user with the given history into what
// each interaction of the history adds to it: the contributions, parallel to
// index, sum to the score.
func (f *Folder) Explain(index []int32, weight []float32, item int32) (contribution []float32, score float32) {
	panic("als: not yet")
}

// ExplicitFolder is a Folder for stars.
type ExplicitFolder struct{}

// NewExplicitFolder prepares folding in against the item side of a model with
// the settings it was trained with; of the model only Mean, ItemBias and Items
// are read.
func NewExplicitFolder(model *ExplicitResult, s ExplicitSettings) *ExplicitFolder {
	panic("als: not yet")
}

// Solve writes the factor of a user with the given ratings into dst and
// returns the user's bias. No ratings give zeros.
func (f *ExplicitFolder) Solve(dst []float32, index []int32, rating []float32) (bias float32) {
	panic("als: not yet")
}

// Explain splits a predicted rating: score = base + the sum of contributions,
// where base is what anyone would be predicted (mean and item bias) and
// contribution is parallel to index.
func (f *ExplicitFolder) Explain(index []int32, rating []float32, item int32) (contribution []float32, base, score float32) {
	panic("als: not yet")
}
