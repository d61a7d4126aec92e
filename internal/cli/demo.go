package cli

import (
	"context"
	"fmt"

	"valse/internal/demo"
)

type demoCmd struct {
	Out  string `help:"Folder to write to." required:"" type:"path"`
	Size string `help:"demo (2,400 products, 5,000 users) or large (100,000 products, 1,000,000 users)." enum:"demo,large" default:"demo"`
	Seed uint64 `help:"The same seed gives the same bytes." default:"1"`
}

// Help is the long help with examples.
func (*demoCmd) Help() string {
	return `Example:
  valse demo --out demo/ && valse import --format csv --partition trial demo/`
}

// Run writes the files.
func (c *demoCmd) Run(ctx context.Context, g *Globals) error {
	size, err := demo.ParseSize(c.Size)
	if err != nil {
		return usagef("%v", err)
	}
	if err := demo.New(c.Seed, size, demo.DefaultEnd()).Export(ctx, c.Out); err != nil {
		return err
	}
	fmt.Fprintf(g.env.Stdout, "wrote the demo shop to %s\n", c.Out)
	return nil
}
