package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhoStartsGoroutinesLooksForLeaks wants the tests of every package that
// starts goroutines, if it has tests, to fail when one is left behind.
func TestWhoStartsGoroutinesLooksForLeaks(t *testing.T) {
	starts, tested, looks := map[string]bool{}, map[string]bool{}, map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != ".") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir := filepath.Dir(path)
		if strings.HasSuffix(path, "_test.go") {
			tested[dir] = true
			looks[dir] = looks[dir] || strings.Contains(string(text), "leak.Main(")
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
		starts[dir] = starts[dir] || err == nil && startsGoroutines(file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for dir := range starts {
		if starts[dir] && tested[dir] && !looks[dir] {
			t.Errorf("%s starts goroutines: its tests want a TestMain that runs leak.Main", dir)
		}
	}
}

// startsGoroutines reports whether a file has a go statement or calls a method
// named Go, as groups of goroutines have.
func startsGoroutines(file *ast.File) (found bool) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			method, ok := n.Fun.(*ast.SelectorExpr)
			found = found || ok && method.Sel.Name == "Go"
		}
		return !found
	})
	return found
}
