//go:build unix

package bench

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// usage returns the processor time that this process has used and the most
// bytes it had resident.
func usage() (cpu time.Duration, peak int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, 0
	}
	peak = int64(u.Maxrss)
	if runtime.GOOS != "darwin" {
		peak <<= 10
	}
	if own := highWater(); own > 0 {
		peak = own
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), peak
}

// highWater returns the peak that Linux keeps for the program alone; what the
// system call tells begins with that of the process it was started from.
func highWater() (bytes int64) {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if n, _ := fmt.Sscanf(line, "VmHWM: %d kB", &bytes); n == 1 {
			return bytes << 10
		}
	}
	return 0
}
