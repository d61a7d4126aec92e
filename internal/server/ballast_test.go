package server

import (
	"os"
	"runtime"
	sample "runtime/metrics"
	"testing"
)

// TestBallastLetsGarbageLie looks at how large the heap may grow before the
// collector comes.
func TestBallastLetsGarbageLie(t *testing.T) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		t.Skip("the environment says how the collector runs")
	}
	kept := ballasted()
	runtime.GC()
	goal := []sample.Sample{{Name: "/gc/heap/goal:bytes"}}
	sample.Read(goal)
	if got := goal[0].Value.Uint64(); got < 2*ballast {
		t.Errorf("the heap may grow to %d bytes, want %d", got, 2*ballast)
	}
	runtime.KeepAlive(kept)
}
