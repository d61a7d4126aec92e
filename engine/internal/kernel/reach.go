package kernel

// Group is the number of scores that Reach compares at a time: the columns of
// the widest tile.
const Group = maxLanes * Lane

// Reach compares rows of Group scores with as many floors: bit q of hits[i] is
// set where scores[i·Group+q] ≥ floors[q]. A score that is not a number reaches
// no floor.
func Reach(hits []uint32, scores []float32, floors *[Group]float32) {
	if len(hits) > 0 {
		reach(hits, scores[:len(hits)*Group], floors)
	}
}
