package cover

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// family draws one kind of composition into 400 × 292.
type family func(d *drawing)

// designs is the family and temper of each department known by name.
var designs = map[string]struct {
	family family
	temper string
}{
	"Outdoor":       {contours, "forest"},
	"Winter sports": {peaks, "snow"},
	"Music":         {arcs, "night"},
	"Books":         {spines, "cloth"},
	"Games":         {tiles, "play"},
	"Electronics":   {halftone, "signal"},
	"Kitchen":       {bowls, "table"},
	"Pantry":        {fruit, "table"},
	"Garden":        {leaves, "leaf"},
	"Home":          {arches, "room"},
	"Clothing":      {weave, "cloth"},
	"Care":          {waves, "bath"},
}

// families and tempers are what categories unknown by name choose from.
var (
	families = []family{
		contours, peaks, arcs, spines, tiles, halftone, bowls, fruit, leaves, arches, weave, waves,
		bars, panes, rays, discs,
	}
	tempers = []string{"forest", "snow", "night", "cloth", "play", "signal", "table", "leaf", "room", "bath"}
)

// design chooses family and palette. A known department decides the family
// and the temper, an unknown category its hash; without a category the id
// does. The category leans to three palettes of the temper, the id takes one.
func design(department, category, id string) (family, palette) {
	known, ok := designs[department]
	if !ok {
		if category == "" {
			category = id
		}
		h := hash("design " + category)
		known.family = families[h%uint64(len(families))]
		known.temper = tempers[h>>32%uint64(len(tempers))]
	}
	choice := palettes[known.temper]
	lean := hash("palette "+category) + hash("palette "+id)%3
	return known.family, choice[lean%uint64(len(choice))]
}

// drawing collects the shapes of a composition and supplies its chances.
type drawing struct {
	bytes.Buffer
	palette
	pcg *rand.PCG
}

func newDrawing(name string, p palette) *drawing {
	return &drawing{palette: p, pcg: rand.NewPCG(hash(name), 1)}
}

// hash is 64-bit FNV-1a of a name.
func hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64()
}

// below returns a number in [0, n).
func (d *drawing) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number in [low, high].
func (d *drawing) between(low, high int) int { return low + d.below(high-low+1) }

// ink returns one of the three inks.
func (d *drawing) ink() string { return [...]string{d.a, d.b, d.c}[d.below(3)] }

// inks returns the three inks in random order.
func (d *drawing) inks() []string {
	list := []string{d.a, d.b, d.c}
	for i := range list {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
	return slices.Clip(list)
}

func (d *drawing) circle(x, y, r int, fill string) {
	fmt.Fprintf(d, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, x, y, r, fill)
}

func (d *drawing) rect(x, y, w, h int, fill string) {
	fmt.Fprintf(d, `<path d="M%d %dh%dv%dh%dz" fill="%s"/>`, x, y, w, h, -w, fill)
}

func (d *drawing) path(fill, format string, args ...any) {
	d.WriteString(`<path d="`)
	fmt.Fprintf(d, format, args...)
	fmt.Fprintf(d, `" fill="%s"/>`, fill)
}
