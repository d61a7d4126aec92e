package journal_test

import (
	"testing"

	"go.uber.org/goleak"

	"valse/store/redis/redistest"
)

// TestMain fails when a closed journal leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m, redistest.Dialing) }
