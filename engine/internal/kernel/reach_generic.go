package kernel

func reachGeneric(hits []uint32, scores []float32, floors *[Group]float32) {
	for i := range hits {
		row := scores[i*Group:][:Group]
		hits[i] = 0
		for q, floor := range floors {
			if row[q] >= floor {
				hits[i] |= 1 << q
			}
		}
	}
}
