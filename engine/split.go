package engine

import (
	"cmp"
	"fmt"
	"slices"

	"valse/engine/als"
	"valse/engine/eval"
	"valse/store"
)

// Split names a way of holding events out.
type Split string

// The splits.
const (
	// SplitTime holds out the newest events.
	SplitTime Split = "time"
	// SplitUser holds out users: models never see them and fold them in from
	// the first four fifths of their history.
	SplitUser Split = "user"
	// SplitLeaveOneOut holds out each user's last product.
	SplitLeaveOneOut Split = "leave-one-out"
	// SplitDigit draws 60/20/20 by the last digit of the time in seconds.
	SplitDigit Split = "60/20/20"
)

// parts are positions of evidence with separate duties.
type parts struct {
	label      string
	fit        []int32 // what models are trained on
	history    []int32 // what they may fold in besides
	validation []int32
	test       []int32
}

// splitForTest holds a part out to measure on. Only [SplitDigit] sets a part
// aside for validation.
func (v *evidence) splitForTest(kind Split, holdout float64) (parts, error) {
	p := parts{label: string(kind)}
	switch kind {
	case SplitTime:
		cut := eval.Cut(v.time, 1-holdout)
		s := eval.ByTime(v.time, cut, cut)
		share := int(holdout*100 + 0.5)
		p.label = fmt.Sprintf("time %d/%d", 100-share, share)
		p.fit, p.test = s.Train, s.Test
	case SplitUser:
		s := eval.ByUser(v.user, 0, holdout, v.settings.Seed)
		p.fit = s.Train
		p.history, p.test = v.splitHistories(s.Test, 0.8)
	case SplitLeaveOneOut:
		s := v.leaveLastOut()
		p.fit, p.test = merge(s.Train, s.Validation), s.Test
	case SplitDigit:
		s := eval.ByDigit(v.seconds())
		p.fit, p.validation, p.test = s.Train, s.Validation, s.Test
	default:
		return p, &store.Invalid{Field: "split", Value: string(kind), Want: "time, user, leave-one-out or 60/20/20"}
	}
	if len(p.fit) == 0 || len(p.test) == 0 {
		return p, noDataf("%s pieces of evidence are too few to split by %s", thousands(v.len()), kind)
	}
	return p, nil
}

// splitForSearch sets parts aside to choose by and to report on: by time in
// 80/10/10, for stars by digit, and where that leaves a part empty each user's
// last products.
func (v *evidence) splitForSearch() (eval.Split, error) {
	var s eval.Split
	if v.settings.Feedback == Explicit {
		s = eval.ByDigit(v.seconds())
	} else {
		s = eval.ByTime(v.time, eval.Cut(v.time, 0.8), eval.Cut(v.time, 0.9))
	}
	if len(s.Train) == 0 || len(s.Validation) == 0 || len(s.Test) == 0 {
		s = v.leaveLastOut()
	}
	if len(s.Train) == 0 || len(s.Validation) == 0 {
		return s, noDataf("%s pieces of evidence are too few to choose settings by", thousands(v.len()))
	}
	return s, nil
}

// leaveLastOut holds out each user's last product with all that happened to it,
// so that no part of a pair stays behind.
func (v *evidence) leaveLastOut() eval.Split {
	var user, product []int32
	var first []int64
	pairOf := make([]int32, v.len())
	for lo, hi := range runs(v.all(), v.samePair) {
		for i := lo; i < hi; i++ {
			pairOf[i] = int32(len(user))
		}
		user, product = append(user, v.user[lo]), append(product, v.product[lo])
		first = append(first, v.time[lo])
	}
	s := eval.LeaveLastOut(user, product, first, 1)
	part := make([]uint8, len(user))
	for _, p := range s.Validation {
		part[p] = 1
	}
	for _, p := range s.Test {
		part[p] = 2
	}
	var out [3][]int32
	for i, p := range pairOf {
		out[part[p]] = append(out[part[p]], int32(i))
	}
	return eval.Split{Train: out[0], Validation: out[1], Test: out[2]}
}

func (v *evidence) samePair(a, b int32) bool {
	return v.user[a] == v.user[b] && v.product[a] == v.product[b]
}

// splitHistories cuts each user's positions by time into a first part, at least
// one, and the rest.
func (v *evidence) splitHistories(positions []int32, part float64) (history, test []int32) {
	for lo, hi := range runs(positions, func(a, b int32) bool { return v.user[a] == v.user[b] }) {
		mine := slices.Clone(positions[lo:hi])
		slices.SortStableFunc(mine, func(a, b int32) int { return cmp.Compare(v.time[a], v.time[b]) })
		cut := max(1, int(float64(len(mine))*part+1e-9))
		history = append(history, mine[:cut]...)
		test = append(test, mine[cut:]...)
	}
	return history, test
}

func (v *evidence) seconds() []int64 {
	seconds := make([]int64, v.len())
	for i, t := range v.time {
		seconds[i] = t / 1e6
	}
	return seconds
}

// warm returns the pairs of positions that a model can be asked for: of users
// with a history and products that were trained on, and new to the user.
func (v *evidence) warm(positions []int32, fitted, seen *als.Matrix) *als.Matrix {
	known := make([]bool, fitted.Cols)
	for _, p := range fitted.Index {
		known[p] = true
	}
	var user, product []int32
	for _, i := range positions {
		past, _ := seen.Row(int(v.user[i]))
		if _, again := slices.BinarySearch(past, v.product[i]); len(past) > 0 && !again && known[v.product[i]] {
			user, product = append(user, v.user[i]), append(product, v.product[i])
		}
	}
	return als.NewMatrix(fitted.Rows, fitted.Cols, user, product, nil)
}

// merge joins two ascending lists of positions.
func merge(a, b []int32) []int32 {
	both := append(slices.Clone(a), b...)
	slices.Sort(both)
	return both
}
