package server

import (
	"testing"

	"valse/internal/leak"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { leak.Main(m) }
