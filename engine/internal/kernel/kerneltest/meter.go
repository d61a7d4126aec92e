// Package kerneltest serves the engine's tests and benchmarks. It measures in
// processor time, which other work on the machine disturbs less than time on
// the wall.
package kerneltest

import "testing"

// Meter starts measuring. Its result ends the measurement and reports the
// processor time of an operation in nanoseconds and, for an operation that
// takes flops floating-point operations, how many billion it does a second.
func Meter(b *testing.B, flops float64) (stop func()) {
	b.Helper()
	start := processorTime()
	return func() {
		seconds := (processorTime() - start).Seconds() / float64(b.N)
		b.ReportMetric(seconds*1e9, "cpu-ns/op")
		if flops > 0 {
			b.ReportMetric(flops/seconds/1e9, "GFLOP/s")
		}
	}
}
