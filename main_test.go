package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"valse": main})
}

// TestScripts runs testdata/*.txtar: whole commands of the real program.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata"})
}

// The image of docs/operations.md holds the binary and nothing else.
func TestTheBinaryIsBuiltToNeedNoOtherFile(t *testing.T) {
	steps, err := exec.Command("make", "--dry-run", "--always-make", "build").Output()
	if err != nil || !strings.Contains(string(steps), "CGO_ENABLED=0 go build") {
		t.Errorf("make build = %v, want it to build without cgo:\n%s", err, steps)
	}
}
