package eval

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// Split holds positions in a log of interactions; each position is in exactly
// one of the three, in ascending order.
type Split struct {
	Train, Validation, Test []int32
}

// part names the slices of a Split.
type part int

const (
	train part = iota
	validation
	test
)

// splitBy puts each position of a log of n into the part that choose says.
func splitBy(n int, choose func(position int) part) Split {
	var parts [3][]int32
	for e := range n {
		p := choose(e)
		parts[p] = append(parts[p], int32(e))
	}
	return Split{Train: parts[train], Validation: parts[validation], Test: parts[test]}
}

// ByDigit splits by the last digit of the time: 0–5 train, 6–7 validation,
// 8–9 test.
func ByDigit(time []int64) Split {
	return splitBy(len(time), func(e int) part {
		switch digit := (time[e]%10 + 10) % 10; {
		case digit < 6:
			return train
		case digit < 8:
			return validation
		default:
			return test
		}
	})
}

// ByTime puts what happened at or after testCut into Test, what happened
// before it but at or after validationCut into Validation, the rest in Train.
func ByTime(time []int64, validationCut, testCut int64) Split {
	return splitBy(len(time), func(e int) part {
		switch {
		case time[e] >= testCut:
			return test
		case time[e] >= validationCut:
			return validation
		default:
			return train
		}
	})
}

// Cut returns the time such that about the given fraction of the log lies
// before it, and zero for an empty log.
func Cut(time []int64, fraction float64) int64 {
	if len(time) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(time))
	at := int(fraction * float64(len(sorted)))
	if at >= len(sorted) {
		return sorted[len(sorted)-1] + 1
	}
	return sorted[max(0, at)]
}

// LeaveLastOut puts each user's last n interactions into Test and the n before
// them into Validation, by time, then by item, then by position. The first
// interaction of a user always stays in Train.
func LeaveLastOut(user, item []int32, time []int64, n int) Split {
	order := make([]int32, len(user))
	for e := range order {
		order[e] = int32(e)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(user[a], user[b]), cmp.Compare(time[a], time[b]),
			cmp.Compare(item[a], item[b]), cmp.Compare(a, b))
	})
	parts := make([]part, len(user))
	for lo := 0; lo < len(order); {
		hi := lo
		for hi < len(order) && user[order[hi]] == user[order[lo]] {
			hi++
		}
		for e := lo + 1; e < hi; e++ {
			switch left := hi - e; {
			case left <= n:
				parts[order[e]] = test
			case left <= 2*n:
				parts[order[e]] = validation
			}
		}
		lo = hi
	}
	return splitBy(len(parts), func(e int) part { return parts[e] })
}

// ByUser puts all interactions of a user into one part: the given fractions of
// users, drawn from the seed, into Validation and Test.
func ByUser(user []int32, validationFraction, testFraction float64, seed uint64) Split {
	users := int32(0)
	for _, u := range user {
		users = max(users, u+1)
	}
	random := rand.New(rand.NewPCG(seed, 0))
	parts := make([]part, users)
	for u := range parts {
		switch x := random.Float64(); {
		case x < testFraction:
			parts[u] = test
		case x < testFraction+validationFraction:
			parts[u] = validation
		}
	}
	return splitBy(len(user), func(e int) part { return parts[user[e]] })
}
