package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"valse/internal/trial"
)

// fault is one planted mistake and the test that has to catch it.
type fault struct {
	name, why, file, pkg, test string
	right, wrong               string // what the file says, and what it is made to say
}

// TestEveryPlantedFaultIsCaught breaks the program in one place at a time and
// sees the named test fail. A short run only looks whether each fault can still
// be planted and its test exists.
func TestEveryPlantedFaultIsCaught(t *testing.T) {
	names, err := filepath.Glob("testdata/faults/*.txt")
	if err != nil || len(names) == 0 {
		t.Fatalf("no faults: %v", err)
	}
	for _, name := range names {
		f := readFault(t, name)
		t.Run(f.name, func(t *testing.T) {
			source, err := os.ReadFile(f.file)
			if err != nil {
				t.Fatal(err)
			}
			if n := bytes.Count(source, []byte(f.right)); n != 1 {
				t.Fatalf("%s has this %d times, want once:\n%s", f.file, n, f.right)
			}
			if !testExists(t, f) {
				t.Fatalf("%s has no %s", f.pkg, f.test)
			}
			if trial.Long() {
				catch(t, f, bytes.Replace(source, []byte(f.right), []byte(f.wrong), 1))
			}
		})
	}
}

// readFault reads a file of the form
//
//	why it would matter
//	file graph/guard.go
//	test ./graph TestName
//	--- right
//	lines as they are
//	--- wrong
//	lines as the fault has them
func readFault(t *testing.T, name string) fault {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f := fault{name: strings.TrimSuffix(filepath.Base(name), ".txt")}
	head, body, ok := strings.Cut(string(text), "--- right\n")
	f.right, f.wrong, _ = strings.Cut(body, "--- wrong\n")
	for line := range strings.Lines(head) {
		switch fields := strings.Fields(line); {
		case len(fields) == 2 && fields[0] == "file":
			f.file = fields[1]
		case len(fields) == 3 && fields[0] == "test":
			f.pkg, f.test = fields[1], fields[2]
		default:
			f.why += line
		}
	}
	if !ok || f.file == "" || f.test == "" || f.right == "" || f.why == "" {
		t.Fatalf("%s: want why, file, test, --- right and --- wrong", name)
	}
	return f
}

func testExists(t *testing.T, f fault) bool {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(f.pkg, "*_test.go"))
	for _, name := range names {
		if text, err := os.ReadFile(name); err == nil && bytes.Contains(text, []byte("func "+f.test+"(")) {
			return true
		}
	}
	return false
}

// catch compiles the broken source in place of the right one and wants the test
// to fail, not the build.
func catch(t *testing.T, f fault, broken []byte) {
	t.Helper()
	dir := t.TempDir()
	replacement := filepath.Join(dir, filepath.Base(f.file))
	whole, err := filepath.Abs(f.file)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {whole: replacement}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{replacement: broken, filepath.Join(dir, "overlay.json"): overlay} {
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	test := exec.CommandContext(t.Context(), "go", "test", "-overlay", filepath.Join(dir, "overlay.json"), "-count=1", "-run", "^"+f.test+"$", f.pkg)
	test.Env = append(os.Environ(), "VALSE_LONG=")
	output, err := test.CombinedOutput()
	if err == nil || !bytes.Contains(output, []byte("--- FAIL: "+f.test)) && !bytes.Contains(output, []byte("stack overflow")) {
		t.Errorf("%s did not catch it (%v): %s\n%s", f.test, err, f.why, output)
	}
}
