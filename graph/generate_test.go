package graph

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestGeneratedCodeIsWhatTheSchemaGives generates in a copy of the module and
// compares.
func TestGeneratedCodeIsWhatTheSchemaGives(t *testing.T) {
	if testing.Short() {
		t.Skip("generating takes half a minute")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	replica := t.TempDir()
	if err := os.CopyFS(filepath.Join(replica, "graph"), os.DirFS(filepath.Join(root, "graph"))); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(root, "gqlgen.yml"))
	if err != nil {
		t.Fatal(err)
	}
	// That it compiles is plain from this test running.
	config = append(config, "\nskip_validation: true\n"...)
	if err := os.WriteFile(filepath.Join(replica, "gqlgen.yml"), config, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum", "engine", "store", "warehouse", "internal"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(replica, name)); err != nil {
			t.Fatal(err)
		}
	}
	generate := exec.CommandContext(t.Context(), "go", "tool", "gqlgen", "generate")
	generate.Dir = replica
	generate.Env = append(os.Environ(), "PWD="+replica)
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("generate: %v\n%s", err, output)
	}
	err = fs.WalkDir(os.DirFS(filepath.Join(replica, "graph")), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		made, err := os.ReadFile(filepath.Join(replica, "graph", name))
		if err != nil {
			return err
		}
		committed, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(made, committed) {
			t.Errorf("graph/%s is not what the schema gives: run make generate", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
