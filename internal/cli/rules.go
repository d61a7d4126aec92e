package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/user"
	"time"

	"valse/engine/rule"
	"valse/internal/rulebook"
)

type rulesCmd struct {
	Show     rulesShowCmd     `cmd:"" help:"Write the rule book in force, or a version, as JSON."`
	Set      rulesSetCmd      `cmd:"" help:"Read rules in the form that show writes and put them in force."`
	History  rulesHistoryCmd  `cmd:"" help:"List versions, newest first."`
	Rollback rulesRollbackCmd `cmd:"" help:"Put the rules of an old version in force again."`
}

func (g *Globals) withBooks(ctx context.Context, f func(*rulebook.Books) error) error {
	return g.with(ctx, func(h *house) error { return f(rulebook.New(h.store, now)) })
}

type rulesShowCmd struct {
	Version *int64 `arg:"" optional:"" help:"Version to show; the one in force when left out."`
}

// Run shows a rule book.
func (c *rulesShowCmd) Run(ctx context.Context, g *Globals) error {
	return g.withBooks(ctx, func(books *rulebook.Books) error {
		var book *rule.Book
		var err error
		if c.Version == nil {
			book, err = books.Current(ctx)
		} else {
			book, err = books.Book(ctx, *c.Version)
		}
		if err != nil {
			return err
		}
		return writeJSON(g.env.Stdout, book)
	})
}

type rulesSetCmd struct {
	File string `arg:"" help:"File with the rules; - is standard input."`
	Note string `help:"What changes and why." placeholder:"TEXT"`
}

// Help shows an example.
func (c *rulesSetCmd) Help() string {
	return `valse rules show > rules.json; edit it; valse rules set rules.json --note "summer sale"

The file's version is the one that was edited: when another was saved meanwhile, nothing changes. A file without a version replaces whatever is in force.`
}

// Run saves rules.
func (c *rulesSetCmd) Run(ctx context.Context, g *Globals) error {
	edited, err := readBook(c.File)
	if err != nil {
		return err
	}
	return g.withBooks(ctx, func(books *rulebook.Books) error {
		if edited.Version == 0 {
			current, err := books.Current(ctx)
			if err != nil {
				return err
			}
			edited.Version = current.Version
		}
		book, err := books.Save(ctx, edited.Version, edited.Rules, author(), c.Note)
		if err != nil {
			return err
		}
		fmt.Fprintf(g.env.Stdout, "version %d with %d rules is in force\n", book.Version, len(book.Rules))
		return nil
	})
}

func readBook(file string) (*rule.Book, error) {
	if file == "-" {
		data, err := io.ReadAll(os.Stdin)
		if err != nil {
			return nil, err
		}
		return rule.Decode(data)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	book, err := rule.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return book, nil
}

// author is who runs the command.
func author() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return "command line"
}

type rulesHistoryCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run lists versions.
func (c *rulesHistoryCmd) Run(ctx context.Context, g *Globals) error {
	return g.withBooks(ctx, func(books *rulebook.Books) error {
		history, err := books.History(ctx, rulebook.MaxHistory)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, history)
		}
		t := newTable(g.env.Stdout)
		t.row("version", "saved", "by", "rules", "note")
		for _, b := range history {
			t.row(fmt.Sprint(b.Version), b.SavedAt.Format(time.DateTime), b.Author, fmt.Sprint(len(b.Rules)), b.Note)
		}
		t.flush()
		return nil
	})
}

type rulesRollbackCmd struct {
	Version int64 `arg:"" help:"Version to go back to; 0 is no rules."`
}

// Run restores a version.
func (c *rulesRollbackCmd) Run(ctx context.Context, g *Globals) error {
	return g.withBooks(ctx, func(books *rulebook.Books) error {
		current, err := books.Current(ctx)
		if err != nil {
			return err
		}
		book, err := books.Restore(ctx, current.Version, c.Version, author())
		if err != nil {
			return err
		}
		fmt.Fprintf(g.env.Stdout, "version %d has the rules of version %d\n", book.Version, c.Version)
		return nil
	})
}
