package trials

import (
	"testing"

	"go.uber.org/goleak"

	"valse/internal/leak"
)

// TestMain fails when a test leaves a goroutine behind.
func TestMain(m *testing.M) { leak.Main(m, piping) }

// piping lets pass what the proxy leaves behind of connections that were cut.
var piping = goleak.IgnoreAnyFunction("github.com/Shopify/toxiproxy/v2/toxics.(*ToxicStub).Run")
