package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress draws one line of progress: a bar on a terminal, else a plain line
// now and then.
type progress struct {
	w        io.Writer
	terminal bool
	start    time.Time
	drawn    time.Time
	text     string
}

func newProgress(w io.Writer) *progress {
	p := &progress{w: w, start: time.Now()}
	if f, ok := w.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// set shows how far the work is (0 to 1) and what it is doing.
func (p *progress) set(fraction float64, text string) {
	wait := 5 * time.Second
	if p.terminal {
		wait = 100 * time.Millisecond
	}
	if now := time.Now(); now.Sub(p.drawn) < wait && fraction < 1 {
		return
	}
	p.drawn = time.Now()
	line := fmt.Sprintf("%s  %s%s", bar(fraction), text, p.left(fraction))
	switch {
	case p.terminal:
		fmt.Fprintf(p.w, "\r\x1b[K%s", line)
	case line != p.text:
		fmt.Fprintln(p.w, line)
	}
	p.text = line
}

// done ends the line.
func (p *progress) done() {
	if p.terminal && p.text != "" {
		fmt.Fprintln(p.w)
	}
}

// left estimates the time that is left from the time that has passed.
func (p *progress) left(fraction float64) string {
	passed := time.Since(p.start)
	if fraction < 0.02 || fraction >= 1 || passed < 2*time.Second {
		return ""
	}
	rest := time.Duration(float64(passed) * (1 - fraction) / fraction).Round(time.Second)
	return fmt.Sprintf(" · %s left", rest)
}

// bar draws a fraction like [████····] 52%.
func bar(fraction float64) string {
	const width = 24
	full := int(min(max(fraction, 0), 1)*width + 0.5)
	return fmt.Sprintf("[%s%s] %3.0f%%", strings.Repeat("█", full), strings.Repeat("·", width-full), fraction*100)
}
