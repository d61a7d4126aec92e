package kerneltest

import (
	"time"

	"golang.org/x/sys/unix"
)

// processorTime returns the processor time that the process has used.
func processorTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		panic(err) // the clock is part of every kernel since 2.6.12
	}
	return time.Duration(t.Nano())
}
