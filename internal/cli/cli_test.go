package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"valse/store"
)

func TestAnInterruptIsSaidInWords(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	var said bytes.Buffer
	code := Run(ctx, []string{"transport", "--warehouse", t.TempDir()}, Env{
		Stdout: io.Discard, Stderr: &said,
		OpenStore: func(ctx context.Context, _, _ string, _ StoreOptions) (store.Store, error) { return nil, ctx.Err() },
	})
	if code != exitFailed || !strings.Contains(said.String(), "stopped before it was done") {
		t.Errorf("Run = %d and %q, want %d and the word that it was stopped", code, said.String(), exitFailed)
	}
}
