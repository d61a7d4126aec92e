// Command tally runs the stages of a test run one after the other, shows their
// output, and ends with one line of counts.
//
//	tally NAME KIND COMMAND [NAME KIND COMMAND …]
//
// KIND says how to count: gotest reads go test -json, vitest and node read the
// summary those runners print, plain counts the command itself.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// counts of tests that ran.
type counts struct{ passed, failed, skipped int }

func main() {
	args := os.Args[1:]
	if len(args) == 0 || len(args)%3 != 0 {
		fmt.Fprintln(os.Stderr, "usage: tally NAME KIND COMMAND [NAME KIND COMMAND …]")
		os.Exit(2)
	}
	var total counts
	var broken []string
	for ; len(args) > 0; args = args[3:] {
		name, kind, command := args[0], args[1], args[2]
		fmt.Printf("── %s\n", name)
		start := time.Now()
		c, err := stage(kind, command)
		if err != nil && c.failed == 0 {
			c.failed = 1 // the stage itself
		}
		if c.failed > 0 {
			broken = append(broken, name)
		}
		fmt.Printf("── %s: %d passed, %d failed, %d skipped in %s\n", name, c.passed, c.failed, c.skipped, time.Since(start).Round(time.Second))
		total.passed, total.failed, total.skipped = total.passed+c.passed, total.failed+c.failed, total.skipped+c.skipped
	}
	if len(broken) > 0 {
		fmt.Println("broken:", strings.Join(broken, ", "))
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", total.passed, total.failed, total.skipped)
	if total.failed > 0 {
		os.Exit(1)
	}
}

// stage runs one command and counts what its output says.
func stage(kind, command string) (counts, error) {
	cmd := exec.Command("bash", "-c", command)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return counts{}, err
	}
	if err := cmd.Start(); err != nil {
		return counts{}, err
	}
	var c counts
	switch kind {
	case "gotest":
		c = goTests(out)
	case "vitest":
		c = summary(out, `Tests\s.*?(\d+) passed`, `Tests\s.*?(\d+) failed`, `Tests\s.*?(\d+) skipped`)
	case "node":
		c = summary(out, `^(?:#|ℹ) pass (\d+)`, `^(?:#|ℹ) fail (\d+)`, `^(?:#|ℹ) skipped (\d+)`)
	default:
		_, _ = io.Copy(os.Stdout, out)
		c.passed = 1
	}
	if err := cmd.Wait(); err != nil {
		if kind == "plain" {
			c.passed = 0
		}
		return c, err
	}
	return c, nil
}

// event is one line of go test -json.
type event struct{ Action, Package, Test, Output string }

// goTests counts tests, prints a line per package, and the output of those
// that fail.
func goTests(r io.Reader) counts {
	var c counts
	output := map[string]*strings.Builder{}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text()) // not JSON: a build error
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if output[key] == nil {
				output[key] = &strings.Builder{}
			}
			output[key].WriteString(e.Output)
			continue
		case "pass", "skip", "fail":
		default:
			if e.Action == "build-fail" {
				fmt.Print(text(output[key]))
			}
			continue
		}
		if e.Test == "" {
			fmt.Printf("%-4s %s\n", e.Action, e.Package)
		}
		switch {
		case e.Action == "fail":
			fmt.Print(text(output[key]))
			if e.Test != "" {
				c.failed++
			}
		case e.Test != "" && e.Action == "skip":
			c.skipped++
			fmt.Print(text(output[key]))
		case e.Test != "":
			c.passed++
		}
		delete(output, key)
	}
	return c
}

func text(b *strings.Builder) string {
	if b == nil {
		return ""
	}
	return b.String()
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]*m")

// summary passes the output on and reads the counts from its summary.
func summary(r io.Reader, passed, failed, skipped string) counts {
	var c counts
	patterns := map[*regexp.Regexp]*int{
		regexp.MustCompile(passed): &c.passed, regexp.MustCompile(failed): &c.failed, regexp.MustCompile(skipped): &c.skipped,
	}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		fmt.Println(lines.Text())
		for pattern, n := range patterns {
			if m := pattern.FindStringSubmatch(colour.ReplaceAllString(lines.Text(), "")); m != nil {
				*n, _ = strconv.Atoi(m[1])
			}
		}
	}
	return c
}
