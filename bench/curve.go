package bench

import (
	"fmt"
	"html"
	"io"
	"math"
	"strings"
)

// The picture's measures, in pixels.
const (
	plotWidth, plotHeight = 560, 320
	marginLeft, marginTop = 70, 40
	legendWidth           = 190
	caseHeight            = plotHeight + marginTop + 50
)

// inks tell contestants apart, in light and in dark.
var inks = []string{"#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#17becf", "#7f7f7f", "#bcbd22"}

// WriteCurves draws, for each case, how far above the lowest loss anybody
// reached each contestant was after how much processor time: time to quality.
// Both axes are logarithmic. Contestants that do not say their loss after each
// sweep are one point, after the last.
func (r *Report) WriteCurves(w io.Writer) error {
	var b strings.Builder
	width, height := marginLeft+plotWidth+legendWidth, len(r.Cases)*caseHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`, width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#fff"/>`, width, height)
	for i, c := range r.Cases {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`, marginLeft, i*caseHeight+marginTop)
		c.draw(&b)
		b.WriteString(`</g>`)
	}
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

type point struct{ x, y float64 }

// curve returns processor time so far and loss of each round that has one.
func (e *Entry) curve() []point {
	var points []point
	spent := 0.0
	for i, t := range e.Turns {
		spent += t.CPU
		loss := t.Loss
		if i == len(e.Turns)-1 && e.Loss > 0 {
			loss = e.Loss
		}
		if loss > 0 {
			points = append(points, point{spent, loss})
		}
	}
	return points
}

func (c *Case) draw(b *strings.Builder) {
	fmt.Fprintf(b, `<text y="-14" font-weight="bold">%s, rank %d</text>`, html.EscapeString(c.Name), c.Rank)
	curves := make([][]point, len(c.Entries))
	least := math.Inf(1)
	for i := range c.Entries {
		curves[i] = c.Entries[i].curve()
		for _, p := range curves[i] {
			least = min(least, p.y)
		}
	}
	// The lowest is drawn a thousandth above itself: it is not the lowest there is.
	x, y := newAxis(plotWidth, false), newAxis(plotHeight, true)
	for _, curve := range curves {
		for k, p := range curve {
			curve[k].y = p.y/least - 1 + 1e-3
			x.include(p.x)
			y.include(curve[k].y)
		}
	}
	x.draw(b, func(at float64, label string) string {
		return fmt.Sprintf(`<path d="M%.1f 0V%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle">%s s</text>`, at, plotHeight, at, plotHeight+16, label)
	})
	y.draw(b, func(at float64, label string) string {
		return fmt.Sprintf(`<path d="M0 %.1fH%d" stroke="#ddd"/><text x="-6" y="%.1f" text-anchor="end">%s</text>`, at, plotWidth, at+4, label)
	})
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle">processor time</text>`, plotWidth/2, plotHeight+34)
	fmt.Fprintf(b, `<text transform="translate(-54 %d) rotate(-90)" text-anchor="middle">loss above the lowest, part of it</text>`, plotHeight/2)
	row := 0
	for i, curve := range curves {
		if len(curve) == 0 {
			continue
		}
		ink := inks[i%len(inks)]
		var path strings.Builder
		for k, p := range curve {
			fmt.Fprintf(&path, "%c%.1f %.1f", "ML"[min(k, 1)], x.at(p.x), y.at(p.y))
			fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`, x.at(p.x), y.at(p.y), ink)
		}
		fmt.Fprintf(b, `<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`, path.String(), ink)
		fmt.Fprintf(b, `<text x="%d" y="%d" fill="%s">%s</text>`, plotWidth+14, 12+18*row, ink, html.EscapeString(c.Entries[i].Name))
		row++
	}
}

// axis is a logarithmic one.
type axis struct {
	low, high float64
	pixels    float64
	up        bool // whether larger values have smaller coordinates
}

func newAxis(pixels float64, up bool) *axis {
	return &axis{low: math.Inf(1), high: math.Inf(-1), pixels: pixels, up: up}
}

func (a *axis) include(v float64) {
	if v > 0 {
		a.low, a.high = min(a.low, math.Log10(v)), max(a.high, math.Log10(v))
	}
}

func (a *axis) at(v float64) float64 {
	part := 0.02 + 0.96*(math.Log10(v)-a.low)/max(a.high-a.low, 1e-9)
	if a.up {
		part = 1 - part
	}
	return a.pixels * part
}

// draw draws the ticks 1, 2 and 5 of each decade.
func (a *axis) draw(b *strings.Builder, tick func(at float64, label string) string) {
	for decade := math.Floor(a.low); decade <= a.high; decade++ {
		for _, digit := range []float64{1, 2, 5} {
			v := digit * math.Pow(10, decade)
			if l := math.Log10(v); l >= a.low-0.01 && l <= a.high+0.01 {
				b.WriteString(tick(a.at(v), fmt.Sprintf("%.3g", v)))
			}
		}
	}
}
