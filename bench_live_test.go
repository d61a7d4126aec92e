package main

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"valse/store/redis/redistest"
)

// TestALiveBenchmarkLeavesNothingBehind runs the real command to its end, and
// once interrupts it while it fills its partition.
func TestALiveBenchmarkLeavesNothingBehind(t *testing.T) {
	server := redistest.Start(t)
	start := func(args ...string) *exec.Cmd {
		cmd := exec.Command("valse", append([]string{"bench", "live", "--store", server.URL, "--log-level", "error"}, args...)...)
		cmd.Stderr = os.Stderr
		cmd.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	if err := start("--events", "3", "--subscriptions", "2", "--products", "3706").Wait(); err != nil {
		t.Fatal(err)
	}
	if left := server.Size(); left > 0 {
		t.Errorf("a benchmark that ran to its end leaves %d keys behind", left)
	}
	cmd := start("--events", "1000000", "--subscriptions", "500", "--products", "3706")
	for deadline := time.Now().Add(time.Minute); server.Size() < 100; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the benchmark stores nothing")
		}
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err == nil {
		t.Error("an interrupted benchmark ends as if it had measured")
	}
	if left := server.Size(); left > 0 {
		t.Errorf("an interrupted benchmark leaves %d keys behind", left)
	}
}
