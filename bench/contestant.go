package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// command says how a contestant's process is started.
type command struct {
	argv []string
	dir  string
}

// contestant is a child process that takes turns.
type contestant struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
	job Job
}

// start runs a contestant and waits until it is ready for the job.
func (o Options) start(ctx context.Context, c command, job Job) (*contestant, error) {
	child := &contestant{cmd: exec.CommandContext(ctx, c.argv[0], c.argv[1:]...), job: job}
	child.cmd.Dir, child.cmd.Stderr = c.dir, o.Err
	child.cmd.Env = environment(job.Threads)
	var err error
	if child.in, err = child.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := child.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	child.out = bufio.NewReader(out)
	if err := child.cmd.Start(); err != nil {
		return nil, err
	}
	if _, err := child.ask(job); err != nil {
		return nil, errors.Join(err, child.close())
	}
	return child, nil
}

// environment holds every library to its threads, and drops what slows numpy's
// linear algebra down where somebody set it.
func environment(threads int) []string {
	n := strconv.Itoa(threads)
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "OPENBLAS_") {
			env = append(env, v)
		}
	}
	return append(env, "OMP_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n, "MKL_NUM_THREADS="+n, "GOMAXPROCS="+n)
}

// ask sends one line and reads the answer.
func (c *contestant) ask(question any) (Turn, error) {
	var t Turn
	line, err := json.Marshal(question)
	if err != nil {
		return t, err
	}
	if _, err := c.in.Write(append(line, '\n')); err != nil {
		return t, err
	}
	answer, err := c.out.ReadBytes('\n')
	if err != nil {
		return t, fmt.Errorf("the contestant ended: %w", err)
	}
	if err := json.Unmarshal(answer, &t); err != nil {
		return t, fmt.Errorf("the contestant said %q: %w", answer, err)
	}
	if t.Error != "" {
		return t, errors.New(t.Error)
	}
	return t, nil
}

func (c *contestant) round() (Turn, error) { return c.ask("round") }

func (c *contestant) save() error { _, err := c.ask("save"); return err }

// close ends the process.
func (c *contestant) close() error {
	_ = c.in.Close()
	return c.cmd.Wait()
}
