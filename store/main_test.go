package store_test

import (
	"testing"

	"valse/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
