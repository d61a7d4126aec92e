package sqlite

import (
	"os"
	"testing"

	"valse/internal/leak"
	"valse/store"
	"valse/store/storetest"
)

// TestMain is also the program that the crash test kills, and checks that what
// the tests closed has ended.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		appendUntilKilled(dir)
		return
	}
	leak.Main(m)
}

func TestKeepsTheContractsOfAStore(t *testing.T) {
	storetest.Run(t, func(t testing.TB) storetest.Backend {
		dir := t.TempDir()
		return func(t testing.TB, partition string) store.Store { return openTest(t, dir, partition) }
	})
}

// openTest opens a store for the length of the test.
func openTest(t testing.TB, dir, partition string) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, partition, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
