// Package cli is the command line: flags in, one call per command, tables,
// CSV or JSON out.
//
// Every command reads its flags, then VALSE_* environment variables, then
// defaults; draws progress on standard error; and ends with exit code 0
// (done), 1 (failed) or 2 (wrong use). [Run] is the whole program but for the
// concrete stores, which the caller hands in as [Env.OpenStore].
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"valse/internal/pipeline"
	"valse/store"
	"valse/store/journal"
	"valse/warehouse"
)

// Env is what the program gets from outside.
type Env struct {
	Stdout, Stderr io.Writer
	// OpenStore opens a store by its address (sqlite:DIR or redis://…).
	OpenStore func(ctx context.Context, address, partition string, o StoreOptions) (store.Store, error)
	// RemovePartition removes a partition of a Redis server with all that it
	// holds. Nothing may be writing to it.
	RemovePartition func(ctx context.Context, address, partition string) error
	// Version is shown by --version.
	Version string
}

// StoreOptions say how a store keeps what it acknowledged.
type StoreOptions struct {
	Journal string          // folder of the journal; empty for none
	Archive journal.Archive // what a store that lost data gets back
	Logger  *slog.Logger
}

// Globals are the flags of every command.
type Globals struct {
	Store     string `group:"Flags of every command:" help:"Serving store: sqlite:DIR or redis://HOST:PORT/DB (sqlite:data)." default:"sqlite:data" env:"VALSE_STORE" placeholder:"ADDRESS"`
	Warehouse string `group:"Flags of every command:" help:"Root folder of the warehouse (data/warehouse)." default:"data/warehouse" env:"VALSE_WAREHOUSE" placeholder:"DIR"`
	Partition string `group:"Flags of every command:" help:"Isolated data set to work on (main)." default:"main" env:"VALSE_PARTITION" placeholder:"NAME"`

	Durability string `group:"Flags of every command:" help:"What a Redis store's acknowledgement means: journal (on this machine's disk, then in Redis) or redis (what Redis itself promises). SQLite always means on disk." enum:"journal,redis" default:"journal" env:"VALSE_DURABILITY"`
	Journal    string `group:"Flags of every command:" help:"Folder of the journal of a Redis store." default:"data/journal" env:"VALSE_JOURNAL" type:"path"`

	LogLevel string `group:"Flags of every command:" help:"Least level that is logged." enum:"debug,info,warn,error" default:"info" env:"VALSE_LOG_LEVEL"`

	Version kong.VersionFlag `group:"Flags of every command:" help:"Print the version and leave."`

	env Env
	log *slog.Logger
}

type root struct {
	Globals

	Serve         serveCmd         `cmd:"" help:"Serve shop, studio, playground and API."`
	Import        importCmd        `cmd:"" help:"Import products, users and interactions from files."`
	Train         trainCmd         `cmd:"" help:"Train a model, search settings, publish."`
	Recommend     recommendCmd     `cmd:"" help:"Write lists for many users."`
	Similar       similarCmd       `cmd:"" help:"Write similar products for many products."`
	Evaluate      evaluateCmd      `cmd:"" help:"Measure settings on held-out events beside baselines."`
	Transport     transportCmd     `cmd:"" help:"Move new interactions from the store to the warehouse, once."`
	Models        modelsCmd        `cmd:"" help:"List, publish, roll back, export and import models."`
	Experiment    experimentCmd    `cmd:"" help:"Compare models or rule books on live people: start, stop, show, list."`
	ExportUser    exportUserCmd    `cmd:"" help:"Write everything kept about a user as JSON."`
	EraseUser     eraseUserCmd     `cmd:"" help:"Remove a user from store, warehouse, lists and models."`
	Rules         rulesCmd         `cmd:"" help:"Show, set and roll back what the shop decides about its lists."`
	VerifyReceipt verifyReceiptCmd `cmd:"" help:"Check the receipt of an erasure."`
	DeadLetters   deadLettersCmd   `cmd:"" help:"List, replay and drop events that could not go where they belong."`
	Keys          keysCmd          `cmd:"" help:"Create, list and revoke API keys and the studio's token."`
	Verify        verifyCmd        `cmd:"" help:"Check every file of the warehouse against its checksum."`
	Backup        backupCmd        `cmd:"" help:"Copy store and warehouse as of one moment, while servers run."`
	Demo          demoCmd          `cmd:"" help:"Write the generated demo shop as CSV files."`
	Bench         benchCmd         `cmd:"" help:"Compare with other libraries, and measure, in processor time."`
}

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// Run parses args (without the program's name), does the command and returns
// its exit code.
func Run(ctx context.Context, args []string, env Env) int {
	var r root
	exited, code := false, 0
	parser, err := kong.New(&r,
		kong.Name("valse"),
		kong.Description("A recommendation system in one binary: the list changes the moment you click, and can tell you exactly why."),
		kong.Writers(env.Stdout, env.Stderr),
		kong.Exit(func(c int) { exited, code = true, c }),
		kong.Vars{"version": env.Version},
		kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		fmt.Fprintln(env.Stderr, "valse:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		fmt.Fprintln(env.Stderr, "valse:", err)
		fmt.Fprintln(env.Stderr, whereHelpIs(err))
		return exitUsage
	}
	r.env = env
	var level slog.Level
	_ = level.UnmarshalText([]byte(r.LogLevel)) // kong checked the enum
	r.log = slog.New(slog.NewTextHandler(env.Stderr, &slog.HandlerOptions{Level: level}))
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&r.Globals); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = errors.New("stopped before it was done")
		}
		fmt.Fprintln(env.Stderr, "valse:", err)
		if errors.Is(err, errUsage) {
			return exitUsage
		}
		return exitFailed
	}
	return exitDone
}

// whereHelpIs names the help of the command that was meant.
func whereHelpIs(err error) string {
	if parse := new(kong.ParseError); errors.As(err, &parse) && parse.Context.Selected() != nil {
		return parse.Context.Selected().FullPath() + " --help lists its flags."
	}
	return "valse --help lists the commands."
}

// errUsage marks an error as wrong use of the command line.
var errUsage = errors.New("wrong use")

// usagef is an error that ends the program with exit code 2.
func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// house is an opened store and warehouse with the pipeline between them.
type house struct {
	store     store.Store
	warehouse *warehouse.Warehouse
	pipeline  *pipeline.Pipeline
}

// open opens what the global flags name. The caller closes the store.
func (g *Globals) open(ctx context.Context, o pipeline.Options) (*house, error) {
	wh, err := warehouse.Open(g.Warehouse, g.Partition, nil)
	if err != nil {
		return nil, err
	}
	options := StoreOptions{Archive: wh, Logger: g.log}
	if g.Durability == "journal" {
		options.Journal = g.Journal
	}
	st, err := g.env.OpenStore(ctx, g.Store, g.Partition, options)
	if err != nil {
		return nil, err
	}
	o.Logger = g.log
	return &house{store: st, warehouse: wh, pipeline: pipeline.New(st, wh, o)}, nil
}

// with is withNew for a partition that is there already: a name that was mistyped
// makes none.
func (g *Globals) with(ctx context.Context, f func(*house) error) error {
	if err := g.there(); err != nil {
		return err
	}
	return g.withNew(ctx, f)
}

// there says what is there instead if an embedded store has partitions, but none
// of this name, and neither has the warehouse.
func (g *Globals) there() error {
	dir, embedded := strings.CutPrefix(g.Store, "sqlite:")
	if !embedded {
		return nil
	}
	for _, path := range []string{filepath.Join(dir, g.Partition+".db"), filepath.Join(g.Warehouse, g.Partition)} {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.db"))
	if len(files) == 0 {
		return nil
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".db")
	}
	return fmt.Errorf("%s has no partition %q: want %s", g.Store, g.Partition, strings.Join(files, ", "))
}

// withNew opens the house, calls f and closes the store.
func (g *Globals) withNew(ctx context.Context, f func(*house) error) (err error) {
	h, err := g.open(ctx, pipeline.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.store.Close()) }()
	return f(h)
}

// now is the clock of commands; the pipeline has its own seam.
func now() time.Time { return time.Now().UTC() }
