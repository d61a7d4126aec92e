package engine

// Interleave drafts a list of n from two of one user by team draft (Radlinski,
// Kurup & Joachims 2008, "How does clickthrough data reflect retrieval
// quality?", algorithm 2): the lists take turns in picking their best product
// that is not there yet; who is behind picks, and when both have picked as
// often, the coin decides (true for the first). Neither list gains by its
// order, so that of two equally good ones each is chosen from equally often.
//
// Entries say which list put them there; Source and ModelID are those of the
// first list.
func Interleave(first, second List, n int, coin func() bool) List {
	merged := first
	merged.Items, merged.Interleaved = make([]Item, 0, n), true
	lists, picked := [2][]Item{first.Items, second.Items}, [2]int{}
	taken := make(map[string]bool, n)
	for len(merged.Items) < n {
		for arm := range lists {
			for len(lists[arm]) > 0 && taken[lists[arm][0].ProductID] {
				lists[arm] = lists[arm][1:]
			}
		}
		arm := 1
		if picked[0] < picked[1] || picked[0] == picked[1] && coin() {
			arm = 0
		}
		if len(lists[arm]) == 0 {
			if arm = 1 - arm; len(lists[arm]) == 0 {
				break
			}
		}
		item := lists[arm][0]
		item.Arm = arm
		merged.Items = append(merged.Items, item)
		taken[item.ProductID] = true
		picked[arm]++
	}
	return merged
}
