package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"

	"valse/engine"
	"valse/engine/rule"
	"valse/store"
)

// listFlags say for whom lists are made and how they are written.
type listFlags struct {
	Model  string `help:"Model to use; the published one when left out." placeholder:"ID"`
	Format string `help:"csv or jsonl." enum:"csv,jsonl" default:"csv"`
	Rules  bool   `help:"Follow the rule book in force." default:"true" negatable:""`
}

type recommendCmd struct {
	listFlags
	Users      string `help:"all, a file with one id per line, or ids separated by commas." default:"all"`
	N          int    `help:"Length of each list." default:"100"`
	Candidates string `help:"File with one product id per line: list only these." type:"existingfile" placeholder:"FILE"`
	Shard      string `help:"Part i of n of the users, like 0/4, to share the work between processes." placeholder:"i/n"`
}

// Help is the long help with examples.
func (*recommendCmd) Help() string {
	return `Writes user_id,item_id,rank,score from the model's own user rows.
Users that the model does not know get best-sellers. Lists follow the shop's
rules for FOR_YOU as they stand now, but explore nothing; rank is the order that
the rules make, score what the model says, 0 for a product that is pinned.

Example:
  valse recommend --users all --n 20 --format csv > lists.csv
  valse recommend --users u1,u2 --candidates sale.txt --format jsonl`
}

// Run writes lists.
func (c *recommendCmd) Run(ctx context.Context, g *Globals) error {
	if c.N < 1 || c.N > engine.MaxList {
		return usagef("--n %d: want 1 to %d", c.N, engine.MaxList)
	}
	shard, shards, err := parseShard(c.Shard)
	if err != nil {
		return err
	}
	return g.with(ctx, func(h *house) error {
		o, err := g.offline(ctx, h, c.Model, c.Candidates)
		if err != nil {
			return err
		}
		policy, err := c.policy(ctx, h, o, rule.ForYou)
		if err != nil {
			return err
		}
		members, err := o.members(c.Users)
		if err != nil {
			return err
		}
		w := newListWriter(g.env.Stdout, c.Format, "user_id", "item_id")
		err = o.recommender.RecommendAll(ctx, inShard(members, shard, shards), c.N, policy, func(l store.List) error {
			return w.write(l.UserID, l.Items)
		})
		if err != nil {
			return err
		}
		return w.flush()
	})
}

// offline is what batch commands work with.
type offline struct {
	recommender *engine.Recommender
	events      *engine.Events
}

// offline moves new events, reads them, and joins them with a model and the
// catalogue, of which only the candidates stay eligible when there is a file.
func (g *Globals) offline(ctx context.Context, h *house, modelID, candidates string) (*offline, error) {
	if modelID == "" {
		published, err := h.store.Published(ctx)
		if err != nil {
			return nil, fmt.Errorf("no model is published (valse train --publish): %w", err)
		}
		modelID = published.ModelID
	}
	model, err := h.pipeline.Model(ctx, modelID)
	if err != nil {
		return nil, err
	}
	if _, err := h.pipeline.Transport(ctx); err != nil {
		return nil, err
	}
	events, err := h.warehouse.Events(ctx)
	if err != nil {
		return nil, err
	}
	var only []string
	if candidates != "" {
		if only, err = readLines(candidates); err != nil {
			return nil, err
		}
	}
	recommender, err := h.pipeline.Recommender(ctx, model, events, only)
	return &offline{recommender, events}, err
}

// policy returns what the rules in force say about a shelf; nil without any, or
// where they are not asked for.
func (f listFlags) policy(ctx context.Context, h *house, o *offline, shelf rule.Shelf) (*engine.Policy, error) {
	if !f.Rules {
		return nil, nil
	}
	return h.pipeline.Policy(ctx, o.recommender.Catalogue(), shelf)
}

// members yields the users that the flag names, each with what they have seen.
func (o *offline) members(users string) (iter.Seq[engine.Member], error) {
	if users == "all" {
		return o.events.Members(), nil
	}
	ids, err := namedIDs(users)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	return func(yield func(engine.Member) bool) {
		for m := range o.events.Members() {
			if wanted[m.UserID] {
				delete(wanted, m.UserID)
				if !yield(m) {
					return
				}
			}
		}
		for _, id := range ids { // people without any event
			if wanted[id] && !yield(engine.Member{UserID: id}) {
				return
			}
		}
	}, nil
}

func inShard(members iter.Seq[engine.Member], shard, shards int) iter.Seq[engine.Member] {
	return func(yield func(engine.Member) bool) {
		for m := range members {
			if engine.InShard(m.UserID, shard, shards) && !yield(m) {
				return
			}
		}
	}
}

// parseShard reads "i/n"; empty means everything.
func parseShard(text string) (shard, shards int, err error) {
	if text == "" {
		return 0, 1, nil
	}
	if n, err := fmt.Sscanf(text, "%d/%d", &shard, &shards); n != 2 || err != nil || shard < 0 || shard >= shards {
		return 0, 0, usagef("--shard %q: want i/n with 0 ≤ i < n", text)
	}
	return shard, shards, nil
}

// namedIDs reads ids from a file, one per line, or from a list with commas.
func namedIDs(text string) ([]string, error) {
	if _, err := os.Stat(text); err == nil {
		return readLines(text)
	}
	return slices.DeleteFunc(strings.Split(text, ","), func(s string) bool { return s == "" }), nil
}

func readLines(name string) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var lines []string
	s := bufio.NewScanner(f)
	for s.Scan() {
		if line := strings.TrimRight(s.Text(), "\r"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, s.Err()
}

// listWriter writes scored lists as CSV or JSON Lines.
type listWriter struct {
	csv    *csv.Writer
	json   *json.Encoder
	buffer *bufio.Writer
	owner  string
	item   string
}

func newListWriter(w io.Writer, format, owner, item string) *listWriter {
	l := &listWriter{buffer: bufio.NewWriterSize(w, 1<<16), owner: owner, item: item}
	if format == "jsonl" {
		l.json = json.NewEncoder(l.buffer)
		l.json.SetEscapeHTML(false)
		return l
	}
	l.csv = csv.NewWriter(l.buffer)
	_ = l.csv.Write([]string{owner, item, "rank", "score"}) // its error shows at flush
	return l
}

func (l *listWriter) write(owner string, items []store.Scored) error {
	for i, item := range items {
		if l.json != nil {
			row := map[string]any{l.owner: owner, l.item: item.ProductID, "rank": i + 1, "score": item.Score}
			if err := l.json.Encode(row); err != nil {
				return err
			}
			continue
		}
		row := []string{owner, item.ProductID, strconv.Itoa(i + 1), strconv.FormatFloat(float64(item.Score), 'g', 6, 32)}
		if err := l.csv.Write(row); err != nil {
			return err
		}
	}
	return nil
}

func (l *listWriter) flush() error {
	if l.csv != nil {
		l.csv.Flush()
		if err := l.csv.Error(); err != nil {
			return err
		}
	}
	return l.buffer.Flush()
}
