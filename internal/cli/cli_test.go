package cli

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"valse/store"
)

func TestAProcessThatListensOnNothingSaysSo(t *testing.T) {
	var said bytes.Buffer
	serve := serveCmd{Roles: []string{"trainer", "transporter"}}
	serve.announceWork(&Globals{Partition: "mine", env: Env{Stdout: &said}})
	if want := "at work as trainer and transporter for partition mine; without the role api nothing listens"; !strings.Contains(said.String(), want) {
		t.Errorf("announceWork printed %q, want %q in it", said.String(), want)
	}
}

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
