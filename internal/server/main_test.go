package server

import (
	"testing"

	"go.uber.org/goleak"

	"valse/store/redis/redistest"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, redistest.Dialing) }
