//go:build !purego

package kernel

// useNEON says whether assembly runs. Every 64-bit Arm processor has NEON.
var useNEON bool

func enable(path string) { useNEON = path == "neon" }

// supported lists the paths of this processor, the best last.
func supported() []string { return []string{"generic", "neon"} }
