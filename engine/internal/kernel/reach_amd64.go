//go:build !purego

package kernel

//go:noescape
func reachAVX2(hits *uint32, scores, floors *float32, rows int)

func reach(hits []uint32, scores []float32, floors *[Group]float32) {
	if !useAVX2 {
		reachGeneric(hits, scores, floors)
		return
	}
	reachAVX2(&hits[0], &scores[0], &floors[0], len(hits))
}
