package bench

import "time"

// CPU is the processor time that this process has used so far.
func CPU() time.Duration {
	cpu, _ := usage()
	return cpu
}
