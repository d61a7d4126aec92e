package eval

// Split holds positions in a log of interactions; each position is in exactly
// one of the three, in ascending order.
type Split struct {
	Train, Validation, Test []int32
}

// ByDigit splits by the last digit of the time: 0–5 train, 6–7 validation,
// 8–9 test.
func ByDigit(time []int64) Split { panic("eval: not yet") }

// ByTime puts what happened at or after testCut into Test, what happened
// before it but at or after validationCut into Validation, the rest in Train.
func ByTime(time []int64, validationCut, testCut int64) Split { panic("eval: not yet") }

// Cut returns the time such that about the given fraction of the log lies
// before it.
func Cut(time []int64, fraction float64) int64 { panic("eval: not yet") }

// LeaveLastOut puts each user's last n interactions into Test and the n before
// them into Validation, by time and then by item. A user with too few for a
// part gives it what is left, training first.
func LeaveLastOut(user, item []int32, time []int64, n int) Split { panic("eval: not yet") }

// ByUser puts all interactions of a user into one part, drawn from the seed
// with the given fractions.
func ByUser(user []int32, validation, test float64, seed uint64) Split { panic("eval: not yet") }
