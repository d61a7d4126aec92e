package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/store"
)

type modelsCmd struct {
	List     modelsListCmd     `cmd:"" help:"List kept models, newest first."`
	Publish  modelsPublishCmd  `cmd:"" help:"Store everyone's list under a model and flip the pointer to it."`
	Rollback modelsRollbackCmd `cmd:"" help:"Flip the pointer back."`
	Export   modelsExportCmd   `cmd:"" help:"Write a model with its settings as one file."`
	Import   modelsImportCmd   `cmd:"" help:"Read a model that was exported."`
	Diff     modelsDiffCmd     `cmd:"" help:"Compare the lists of two kept models."`
	Delete   modelsDeleteCmd   `cmd:"" help:"Remove a model that is not published."`
}

type modelsListCmd struct {
	JSON bool `help:"Write JSON."`
}

// Run lists models.
func (c *modelsListCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		infos, err := h.pipeline.Models(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return writeJSON(g.env.Stdout, infos)
		}
		published, err := h.store.Publications(ctx, 1)
		if err != nil {
			return err
		}
		t := newTable(g.env.Stdout)
		t.row("model", "created", "feedback", "rank", "metric", "model's", "baseline's", "")
		for i := range infos {
			t.row(modelRow(&infos[i], published)...)
		}
		t.flush()
		return nil
	})
}

func modelRow(info *engine.Info, published []store.Publication) []string {
	metric, quality, baseline, mark := "", "", "", ""
	if q, ok := info.Quality(); ok {
		metric, quality, baseline = q.Metric, number(q.Value), number(q.Baseline)
	}
	if len(published) > 0 && published[0].ModelID == info.ID {
		mark = "published"
	}
	return []string{info.ID, info.CreatedAt.Format(time.DateTime), string(info.Settings.Feedback), fmt.Sprint(info.Settings.Rank), metric, quality, baseline, mark}
}

type modelsPublishCmd struct {
	ID string `arg:"" help:"Model to publish."`
}

// Run publishes a model.
func (c *modelsPublishCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		if _, err := h.pipeline.Info(ctx, c.ID); err != nil {
			return err
		}
		if _, err := g.work(ctx, h, store.RunPublish, "Publish "+c.ID, pipeline.PublishInput{ModelID: c.ID}); err != nil {
			return err
		}
		fmt.Fprintln(g.env.Stdout, "published", c.ID)
		return nil
	})
}

type modelsRollbackCmd struct {
	ID string `arg:"" optional:"" help:"Model to go back to; the one before when left out."`
}

// Run rolls back.
func (c *modelsRollbackCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		p, err := h.pipeline.Rollback(ctx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(g.env.Stdout, "published %s (before: %s)\n", p.ModelID, p.Previous)
		return nil
	})
}

type modelsExportCmd struct {
	ID  string `arg:"" help:"Model to export."`
	Out string `help:"File to write; standard output when left out." short:"o" type:"path"`
}

// Run exports a model.
func (c *modelsExportCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error {
		if c.Out == "" {
			return h.warehouse.ExportModel(ctx, c.ID, g.env.Stdout)
		}
		f, err := os.Create(c.Out)
		if err != nil {
			return err
		}
		if err := h.warehouse.ExportModel(ctx, c.ID, f); err != nil {
			f.Close()
			os.Remove(c.Out)
			return err
		}
		return f.Close()
	})
}

type modelsImportCmd struct {
	File string `arg:"" type:"existingfile" help:"Exported model."`
}

// Run imports a model.
func (c *modelsImportCmd) Run(ctx context.Context, g *Globals) error {
	return g.withNew(ctx, func(h *house) error {
		f, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := h.pipeline.ImportModel(ctx, f)
		if err != nil {
			return fmt.Errorf("%s: %w", c.File, err)
		}
		fmt.Fprintln(g.env.Stdout, "imported", info.ID)
		return nil
	})
}

type modelsDeleteCmd struct {
	ID string `arg:"" help:"Model to delete."`
}

// Run deletes a model.
func (c *modelsDeleteCmd) Run(ctx context.Context, g *Globals) error {
	return g.with(ctx, func(h *house) error { return h.pipeline.DeleteModel(ctx, c.ID) })
}
