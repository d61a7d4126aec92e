package bench

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

//go:embed peers/*.py
var scripts embed.FS

// Peer is another library, or valse itself.
type Peer struct {
	Name    string
	Version string
	Solvers []string // of its training
	Lists   bool     // whether it makes lists too
	Missing string   // why it cannot take part; empty when it can

	command command
}

// pythonPeers are the packages of PyPI that peers has scripts for.
var pythonPeers = []Peer{
	{Name: "implicit", Solvers: []string{"cg", "cholesky"}, Lists: true},
	{Name: "irspack", Solvers: []string{"cg", "cholesky", "ialspp"}},
}

// Peers returns valse and the named peers, installing those that are missing.
// What cannot be had comes back with the reason.
func (o Options) Peers(ctx context.Context, names []string) ([]Peer, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	peers := []Peer{{
		Name: "valse", Solvers: []string{"exact", "fast"}, Lists: true,
		command: command{argv: []string{self, "bench", "contestant"}},
	}}
	for _, name := range names {
		p, err := o.peer(ctx, name)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, errUnknownPeer):
			return nil, err
		case err != nil:
			p.Missing = err.Error()
		}
		peers = append(peers, p)
	}
	return peers, nil
}

var errUnknownPeer = errors.New("want implicit, irspack or gorse")

func (o Options) peer(ctx context.Context, name string) (Peer, error) {
	if name == "gorse" {
		return o.gorse(ctx)
	}
	for _, p := range pythonPeers {
		if p.Name == name {
			return o.python(ctx, p)
		}
	}
	return Peer{Name: name}, fmt.Errorf("peer %q: %w", name, errUnknownPeer)
}

// python finds a package in the virtual environment, which it makes, and puts
// the peers' scripts beside it.
func (o Options) python(ctx context.Context, p Peer) (Peer, error) {
	folder := filepath.Join(o.Cache, "python")
	interpreter := filepath.Join(folder, "bin", "python")
	if runtime.GOOS == "windows" {
		interpreter = filepath.Join(folder, "Scripts", "python.exe")
	}
	if _, err := os.Stat(interpreter); err != nil {
		o.Log.Info("making a virtual environment", "folder", folder)
		if err := o.run(ctx, "python3", "-m", "venv", folder); err != nil {
			return p, err
		}
	}
	version, err := installed(ctx, interpreter, p.Name)
	if err != nil {
		o.Log.Info("installing", "package", p.Name)
		if err := o.run(ctx, interpreter, "-m", "pip", "install", "--quiet", p.Name); err != nil {
			return p, err
		}
		if version, err = installed(ctx, interpreter, p.Name); err != nil {
			return p, err
		}
	}
	p.Version = version
	copied := filepath.Join(o.Cache, "scripts")
	if err := errors.Join(os.RemoveAll(copied), os.CopyFS(copied, scripts)); err != nil {
		return p, err
	}
	p.command = command{argv: []string{interpreter, filepath.Join(copied, "peers", p.Name+"_peer.py")}}
	return p, nil
}

func installed(ctx context.Context, interpreter, name string) (version string, err error) {
	ask := "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
	out, err := exec.CommandContext(ctx, interpreter, "-c", ask, name).Output()
	return strings.TrimSpace(string(out)), err
}

// gorse builds the contestant in the module below bench/gorse, which only a
// checkout of the source has.
func (o Options) gorse(ctx context.Context) (Peer, error) {
	p := Peer{Name: "gorse", Solvers: []string{"ccd"}}
	const module = "bench/gorse"
	mod, err := os.ReadFile(filepath.Join(module, "go.mod"))
	if err != nil {
		return p, fmt.Errorf("%s is not in the working folder: run this from a checkout of the source", module)
	}
	for line := range strings.Lines(string(mod)) {
		if path, version, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), "require "), " v"); ok && path == "github.com/zhenghaoz/gorse" {
			p.Version = version[:len(version)-len(strings.TrimLeft(version, "0123456789."))]
		}
	}
	binary, err := filepath.Abs(filepath.Join(o.Cache, "gorse"))
	if err != nil {
		return p, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir = module
	if out, err := build.CombinedOutput(); err != nil {
		return p, fmt.Errorf("build %s: %w: %s", module, err, lastLine(out))
	}
	p.command = command{argv: []string{binary}}
	return p, nil
}

func (o Options) run(ctx context.Context, name string, args ...string) error {
	if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, lastLine(out))
	}
	return nil
}

func lastLine(out []byte) string {
	text := strings.TrimSpace(string(out))
	return text[strings.LastIndexByte(text, '\n')+1:]
}
