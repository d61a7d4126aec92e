package journal_test

import (
	"testing"

	"valse/internal/leak"
)

// TestMain fails when a closed journal leaves a goroutine behind.
func TestMain(m *testing.M) { leak.Main(m) }
