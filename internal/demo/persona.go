package demo

import (
	_ "embed" // for the personas
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"valse/store"
)

//go:embed data/personas.txt
var personasText string

// Persona is a user to sign in as, with a taste that is easy to see.
type Persona struct {
	User store.User
	// Categories are the full paths of what the persona likes. Without any,
	// the persona is new and has no history.
	Categories []string

	categories []int
}

// Personas returns the people to sign in as; the caller must not change them.
func (s *Shop) Personas() []Persona { return s.personas }

// taste of a persona: its categories alike, no straying, a moderate history.
func (p *Persona) taste(s *Shop, r *random) taste {
	t := taste{level: r.below(3), vendors: r.below(vendorCircles), joined: s.start.Unix()}
	t.styles[0] = r.below(numStyles)
	t.styles[1] = (t.styles[0] + 1) % numStyles
	for _, c := range p.categories {
		t.want(c, 1)
	}
	if len(p.categories) > 0 {
		t.visits = r.between(20, 26)
	} else {
		t.joined = s.end.Add(-time.Hour).Unix()
	}
	return t
}

// parsePersonas reads data/personas.txt.
func parsePersonas(l *lexicon) []Persona {
	var personas []Persona
	for line := range dataLines(personasText) {
		f := splitList(line)
		p := Persona{User: store.User{ID: f[0], Name: f[1], Persona: f[2]}}
		if f[3] != "" {
			p.categories = l.categoriesNamed(f[3])
		}
		for _, c := range p.categories {
			p.Categories = append(p.Categories, l.categories[c].path)
		}
		personas = append(personas, p)
	}
	return personas
}

// dataLines yields the lines of a data file but comments and empty ones.
func dataLines(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\n")
			if line != "" && line[0] != '#' && !yield(line) {
				return
			}
		}
	}
}

// categoriesNamed looks up "A, B, C".
func (l *lexicon) categoriesNamed(list string) []int {
	var found []int
	for name := range strings.SplitSeq(list, ", ") {
		i := slices.IndexFunc(l.categories, func(c *category) bool { return c.name == name })
		if i < 0 {
			panic(fmt.Sprintf("demo: no category %q", name))
		}
		found = append(found, i)
	}
	return found
}

func (l *lexicon) kindNamed(name string) int {
	i := slices.IndexFunc(l.kinds, func(k *kind) bool { return k.name == name })
	if i < 0 {
		panic(fmt.Sprintf("demo: no kind %q", name))
	}
	return i
}
