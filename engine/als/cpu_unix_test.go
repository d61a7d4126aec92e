//go:build unix

package als

import (
	"syscall"
	"testing"
	"time"
)

// cpuTime returns the processor time that the process has used. On a machine
// with other work it says more than the clock on the wall.
func cpuTime(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
