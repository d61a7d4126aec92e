//go:build !linux

package kerneltest

import "time"

var started = time.Now()

// processorTime returns the time on the wall, for want of a better clock.
func processorTime() time.Duration { return time.Since(started) }
