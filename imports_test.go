package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers is the order in which packages may import each other: a package may
// import those in rows above its own, and its own row where it says so. Whoever
// changes the direction changes this table in the same commit and says why.
var layers = []struct {
	packages []string // import paths below the module; a trailing / means everything below
	within   bool     // whether packages of the row may import each other
}{
	{packages: []string{"store", "engine/internal/kernel/", "internal/trial", "internal/leak", "internal/rate", "internal/lru", "internal/disk/"}, within: true},
	{packages: []string{"engine/topk", "engine/als", "engine/rule"}, within: true},
	{packages: []string{"engine/eval", "store/storetest", "store/internal/bell", "internal/trace"}},
	{packages: []string{"engine", "store/sqlite", "store/redis/", "store/journal"}, within: true},
	{packages: []string{"warehouse", "internal/cover", "internal/rulebook", "internal/experiment"}},
	{packages: []string{"warehouse/sources/", "internal/demo"}, within: true},
	{packages: []string{"internal/live", "internal/pipeline"}},
	{packages: []string{"graph/"}, within: true},
	{packages: []string{"frontend"}},
	{packages: []string{"internal/server/"}, within: true},
	{packages: []string{"bench"}},
	{packages: []string{"internal/cli", "internal/tally"}},
	{packages: []string{""}},
}

// concrete are implementations that only main (and tests) may name.
var concrete = []string{"store/sqlite", "store/redis"}

// homes says which packages may import an outside library.
var homes = map[string][]string{
	"github.com/redis/go-redis/":       {"store/redis/"},
	"modernc.org/sqlite":               {"store/sqlite"},
	"github.com/pressly/goose/":        {"store/sqlite"},
	"github.com/99designs/gqlgen":      {"graph/"},
	"github.com/vektah/gqlparser/":     {"graph/"},
	"github.com/vikstrous/dataloadgen": {"graph/"},
	"golang.org/x/time/":               {"graph/"},
	"github.com/coder/websocket":       {"graph/", "internal/server/"},
	"github.com/go-chi/":               {"internal/server/"},
	"github.com/golang-jwt/":           {"internal/server/"},
	"github.com/alexedwards/argon2id":  {"internal/server/"},
	"github.com/prometheus/":           {"internal/server/"},
	"github.com/klauspost/compress/":   {"internal/server/", "warehouse/"},
	"github.com/parquet-go/":           {"warehouse/"},
	"gonum.org/":                       {"engine/", "internal/rate"},
	"golang.org/x/sys/":                {"engine/internal/kernel/"},
	"github.com/alecthomas/kong":       {"internal/cli"},
	"github.com/robfig/cron/":          {"internal/pipeline"},
}

// testOnly are the modules of go.mod that tests alone use, and which packages of
// support for tests may import them.
var testOnly = map[string][]string{
	"github.com/google/go-cmp":        {"store/storetest"},
	"github.com/rogpeppe/go-internal": nil,
	"go.uber.org/goleak":              {"internal/leak"},
	"pgregory.net/rapid":              {"store/storetest"},
}

func TestImportsPointOneWayAndLibrariesStayAtHome(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "node_modules" || d.Name() == "_asm" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			if d != nil && d.IsDir() && err == nil {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if dir == "." {
			dir = ""
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, path, dir, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func checkImport(t *testing.T, path, dir, imported string) {
	t.Helper()
	if inside, ok := strings.CutPrefix(imported, "valse/"); ok {
		from, to := layer(dir), layer(inside)
		switch {
		case from < 0 || to < 0:
			t.Errorf("%s imports %s: add %q to the layers", path, imported, map[bool]string{true: dir, false: inside}[from < 0])
		case to > from, to == from && !layers[from].within:
			t.Errorf("%s imports %s against the direction of the layers", path, imported)
		}
		for _, name := range concrete {
			if inside == name && dir != "" && !strings.HasPrefix(dir, name) {
				t.Errorf("%s names the concrete store %s: only main does", path, imported)
			}
		}
		return
	}
	for library, allowed := range homes {
		if strings.HasPrefix(imported, library) && !within(allowed, dir) {
			t.Errorf("%s imports %s, whose home is %s", path, imported, strings.Join(allowed, ", "))
		}
	}
	for module, allowed := range testOnly {
		if strings.HasPrefix(imported+"/", module+"/") && !within(allowed, dir) {
			t.Errorf("%s imports %s, which is for tests", path, imported)
		}
	}
}

// TestTheBinaryHoldsNothingThatIsForTests compares what go.mod requires with what
// the binary is made of: each module that is not in it is known to be for tests.
func TestTheBinaryHoldsNothingThatIsForTests(t *testing.T) {
	output := func(args ...string) []byte {
		out, err := exec.CommandContext(t.Context(), "go", args...).Output()
		if err != nil {
			t.Fatalf("go %s: %v", strings.Join(args, " "), err)
		}
		return out
	}
	linked := map[string]bool{}
	for module := range strings.FieldsSeq(string(output("list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "."))) {
		linked[module] = true
	}
	var mod struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	if err := json.Unmarshal(output("mod", "edit", "-json"), &mod); err != nil {
		t.Fatal(err)
	}
	for _, required := range mod.Require {
		_, known := testOnly[required.Path]
		switch {
		case known && linked[required.Path]:
			t.Errorf("%s, which is for tests, is in the binary", required.Path)
		case !known && !linked[required.Path] && !required.Indirect:
			t.Errorf("%s is required and not in the binary: add it to testOnly, or to trials/go.mod if it is large", required.Path)
		}
	}
}

// layer is the row of a package, or -1.
func layer(dir string) int {
	for i, row := range layers {
		if within(row.packages, dir) {
			return i
		}
	}
	return -1
}

// within reports whether dir is one of the packages, or below one that ends
// with a slash.
func within(packages []string, dir string) bool {
	for _, p := range packages {
		if dir == p || strings.HasSuffix(p, "/") && strings.HasPrefix(dir+"/", p) {
			return true
		}
	}
	return false
}
