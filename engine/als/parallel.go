package als

import (
	"context"
	"sync"
	"sync/atomic"
)

// task is a run of rows, lo to hi, that one goroutine solves.
type task struct{ lo, hi int }

// taskCost is about how many multiplications a task should hold: less than a
// millisecond, so that the last task keeps nobody waiting for long.
const taskCost = 1 << 24

// split cuts the rows of both sides into tasks of about equal cost at the given
// rank. The cut depends on the data alone, never on the number of threads.
func split(sides [2]*rows, rank int) (tasks [2][]task) {
	for i, side := range sides {
		tasks[i] = side.split(rank)
	}
	return tasks
}

func (m *Matrix) split(rank int) []task {
	var tasks []task
	lo, cost := 0, 0
	for i := range m.Rows {
		n := int(m.Ptr[i+1] - m.Ptr[i])
		cost += rowCost(n, rank)
		if cost >= taskCost {
			tasks = append(tasks, task{lo, i + 1})
			lo, cost = i+1, 0
		}
	}
	if lo < m.Rows {
		tasks = append(tasks, task{lo, m.Rows})
	}
	return tasks
}

// rowCost is about how many multiplications a row of n columns takes.
func rowCost(n, rank int) int {
	small, large := min(n, rank), max(n, rank)
	return 64 + n*rank + small*small*(large/2+small/6)
}

// parallel runs work on 0 to n−1 in up to threads goroutines and waits for
// them. Each goroutine calls start once, with its own number, for its function to
// run. When ctx ends no further numbers are handed out and its error is returned.
func parallel(ctx context.Context, threads, n int, start func(worker int) func(int)) error {
	var next atomic.Int64
	loop := func(worker int) {
		work := start(worker)
		for ctx.Err() == nil {
			i := int(next.Add(1)) - 1
			if i >= n {
				return
			}
			work(i)
		}
	}
	var wg sync.WaitGroup
	for worker := 1; worker < min(threads, n); worker++ {
		wg.Go(func() { loop(worker) })
	}
	if n > 0 {
		loop(0)
	}
	wg.Wait()
	return ctx.Err()
}
