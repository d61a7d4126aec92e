package trial

import (
	"os"
	"path/filepath"
	"testing"
)

// Data returns the folder of a real data set, one of those below the folder
// that VALSE_DATA names, or skips the test: they are not part of the project.
func Data(t testing.TB, set string) string {
	t.Helper()
	root := os.Getenv("VALSE_DATA")
	if root == "" {
		t.Skip("VALSE_DATA names no folder with real data sets")
	}
	folder := filepath.Join(root, set)
	if _, err := os.Stat(folder); err != nil {
		t.Fatalf("VALSE_DATA: %v", err)
	}
	return folder
}
