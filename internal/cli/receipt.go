package cli

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"valse/internal/pipeline"
)

type verifyReceiptCmd struct {
	Receipt   string `arg:"" optional:"" help:"The receipt, or a file that holds it."`
	PublicKey bool   `help:"Print the key that others check receipts with (Ed25519, base64url)."`
	JSON      bool   `help:"Write JSON."`
}

// Run checks a receipt.
func (c *verifyReceiptCmd) Run(ctx context.Context, g *Globals) error {
	if c.Receipt == "" && !c.PublicKey {
		return usagef("give a receipt, or --public-key")
	}
	return g.with(ctx, func(h *house) error {
		if c.PublicKey {
			key, err := h.pipeline.PublicKey(ctx)
			if err == nil {
				fmt.Fprintln(g.env.Stdout, key)
			}
			return err
		}
		text := c.Receipt
		if file, err := os.ReadFile(text); err == nil {
			text = strings.TrimSpace(string(file))
		}
		r, err := h.pipeline.VerifyReceipt(ctx, text)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, r)
		}
		printReceipt(g, r)
		return nil
	})
}

func printReceipt(g *Globals, r pipeline.Receipt) {
	fmt.Fprintf(g.env.Stdout, "the receipt is ours and unchanged: %q was erased on %s, %d interactions and %d rows of the warehouse, from\n",
		r.UserID, r.ErasedAt.Format(time.RFC3339), r.Interactions, r.WarehouseRows)
	for _, place := range r.Reached {
		fmt.Fprintln(g.env.Stdout, "  "+place)
	}
}
