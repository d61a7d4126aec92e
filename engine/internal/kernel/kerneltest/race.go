//go:build race

package kerneltest

// Race says whether the race detector is on. Pools forget at random under it.
const Race = true
