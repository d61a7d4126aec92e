// Package kerneltest serves the engine's tests and benchmarks. It measures in
// processor time, which other work on the machine disturbs less than time on
// the wall.
package kerneltest

import (
	"testing"
	"time"
)

// Meter starts measuring. Its result ends the measurement and reports the
// processor time of an operation in nanoseconds and, for an operation that
// takes flops floating-point operations, how many billion it does a second,
// which it returns.
func Meter(b *testing.B, flops float64) (stop func() (rate float64)) {
	b.Helper()
	start := processorTime()
	return func() float64 {
		seconds := (processorTime() - start).Seconds() / float64(b.N)
		b.ReportMetric(seconds*1e9, "cpu-ns/op")
		rate := flops / seconds / 1e9
		if flops > 0 {
			b.ReportMetric(rate, "GFLOP/s")
		}
		return rate
	}
}

// Rate returns how many billion floating-point operations a second f does,
// which takes flops of them: the best of a few tries of some milliseconds.
func Rate(flops float64, f func()) (best float64) {
	for range 10 {
		start, n := processorTime(), 0
		for processorTime()-start < 5*time.Millisecond {
			for range 100 {
				f()
			}
			n += 100
		}
		best = max(best, float64(n)*flops/(processorTime()-start).Seconds()/1e9)
	}
	return best
}
