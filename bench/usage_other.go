//go:build !unix

package bench

import "time"

var started = time.Now()

// usage returns time on the wall, for want of a better clock.
func usage() (cpu time.Duration, peak int64) { return time.Since(started), 0 }
