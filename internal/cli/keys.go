package cli

import (
	"context"
	"fmt"
	"time"

	"valse/graph/model"
	"valse/internal/server"
	"valse/store"
)

type keysCmd struct {
	Create keysCreateCmd `cmd:"" help:"Make a key for another server and print it, this once."`
	List   keysListCmd   `cmd:"" help:"List keys, newest first."`
	Revoke keysRevokeCmd `cmd:"" help:"Revoke a key."`
	Admin  keysAdminCmd  `cmd:"" help:"Make a new studio token and print it; the old one stops working."`
}

type keysCreateCmd struct {
	Name   string   `arg:"" help:"Whose key it is."`
	Scopes []string `help:"What it may do: READ, WRITE, CATALOG, USERS." enum:"READ,WRITE,CATALOG,USERS" default:"READ,WRITE,CATALOG,USERS"`
}

// Run makes a key.
func (c *keysCreateCmd) Run(ctx context.Context, g *Globals) error {
	return g.withNew(ctx, func(h *house) error {
		scopes := make([]model.Scope, len(c.Scopes))
		for i, s := range c.Scopes {
			scopes[i] = model.Scope(s)
		}
		_, secret, err := server.NewKeys(h.store).Create(ctx, c.Name, scopes)
		if err != nil {
			return err
		}
		fmt.Fprintln(g.env.Stdout, secret)
		return recordAction(ctx, h, "createApiKey", c.Name)
	})
}

type keysListCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run lists keys.
func (c *keysListCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		list, err := server.NewKeys(h.store).List(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, list)
		}
		t := newTable(g.env.Stdout)
		t.row("id", "name", "starts with", "scopes", "created")
		for _, key := range list {
			t.row(key.ID, key.Name, key.Prefix, fmt.Sprint(key.Scopes), key.CreatedAt.Format(time.DateTime))
		}
		t.flush()
		return nil
	})
}

type keysRevokeCmd struct {
	ID string `arg:"" help:"Key to revoke."`
}

// Run revokes a key.
func (c *keysRevokeCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		key, err := server.NewKeys(h.store).Revoke(ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(g.env.Stdout, "revoked %s (%s)\n", key.ID, key.Name)
		return recordAction(ctx, h, "revokeApiKey", key.Name)
	})
}

type keysAdminCmd struct{}

// Run makes a new studio token.
func (c *keysAdminCmd) Run(ctx context.Context, g *Globals) error {
	return g.withNew(ctx, func(h *house) error {
		token, err := server.NewAdminToken(ctx, h.store)
		if err != nil {
			return err
		}
		fmt.Fprintln(g.env.Stdout, token)
		return recordAction(ctx, h, "newAdminToken", "")
	})
}

// recordAction writes what was done on the command line to the audit log.
func recordAction(ctx context.Context, h *house, name, detail string) error {
	return h.store.RecordAction(ctx, store.Action{Time: now(), Actor: "command line", Name: name, Detail: detail, Outcome: "done"})
}
