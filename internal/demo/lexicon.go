package demo

import (
	_ "embed" // for the vocabulary
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/catalog.txt
var catalogText string

// scope holds the alternatives of each word at one level of the vocabulary.
type scope struct {
	parent     *scope
	words      map[string][]string
	attributes []string // names of words that are attributes, in file order
}

type department struct {
	scope
	name    string
	vendors []string
}

type category struct {
	scope
	name       string // the last part of path
	path       string // department and name
	department int
	kinds      []int // into lexicon.kinds
	repeat     bool  // its products are used up and bought again
	season     [12]int
}

type kind struct {
	scope
	name      string
	category  int
	low, high int // euros
}

// lexicon is the parsed vocabulary.
type lexicon struct {
	root        scope
	departments []*department
	categories  []*category
	kinds       []*kind
}

// vocabulary is the lexicon of data/catalog.txt.
var vocabulary = sync.OnceValue(func() *lexicon { return parseLexicon(catalogText) })

// parseLexicon reads a vocabulary; the format is described at the head of
// data/catalog.txt. A mistake panics: the text is part of the program.
func parseLexicon(text string) *lexicon {
	l := &lexicon{root: scope{words: map[string][]string{}}}
	outer, current := &l.root, &l.root // current is the kind of indented lines
	for n, raw := range strings.Split(text, "\n") {
		line := strings.TrimSpace(raw)
		mark, rest, _ := strings.Cut(line, " ")
		switch mark {
		case "", "#":
		case "==":
			d := &department{name: rest, scope: scope{parent: &l.root, words: map[string][]string{}}}
			l.departments, outer = append(l.departments, d), &d.scope
		case "--":
			outer = l.openCategory(rest)
		case "*":
			current = l.openKind(rest)
		default:
			s := outer
			if strings.HasPrefix(raw, "  ") {
				s = current
			}
			if !s.define(line) {
				panic(fmt.Sprintf("demo: vocabulary line %d: %q is not understood", n+1, line))
			}
		}
	}
	for _, d := range l.departments {
		d.vendors = d.words["vendors"]
	}
	for _, c := range l.categories {
		_, c.repeat = c.find("repeat")
		digits, _ := c.find("season")
		for month := range c.season {
			c.season[month] = int(digits[0][month] - '0')
		}
	}
	return l
}

func (l *lexicon) openCategory(name string) *scope {
	d := len(l.departments) - 1
	c := &category{
		scope:      scope{parent: &l.departments[d].scope, words: map[string][]string{}},
		name:       name,
		path:       l.departments[d].name + " > " + name,
		department: d,
	}
	l.categories = append(l.categories, c)
	return &c.scope
}

func (l *lexicon) openKind(line string) *scope {
	name, prices, _ := cutLast(line, " ")
	low, high, _ := strings.Cut(prices, "-")
	c := len(l.categories) - 1
	k := &kind{name: name, category: c, scope: scope{parent: &l.categories[c].scope, words: map[string][]string{}}}
	k.low, _ = strconv.Atoi(low)
	k.high, _ = strconv.Atoi(high)
	if k.low <= 0 || k.high <= k.low {
		panic(fmt.Sprintf("demo: kind %q has no price range", line))
	}
	l.categories[c].kinds = append(l.categories[c].kinds, len(l.kinds))
	l.kinds = append(l.kinds, k)
	return &k.scope
}

// define reads a line "key: a | b", "key@: a | b" or "repeat".
func (s *scope) define(line string) bool {
	key, list, ok := strings.Cut(line, ":")
	if !ok && line != "repeat" {
		return false
	}
	if name, is := strings.CutSuffix(key, "@"); is {
		key = name
		s.attributes = append(s.attributes, name)
	}
	s.words[key] = splitList(list)
	return true
}

// find returns the alternatives of a word in the nearest scope that has any.
func (s *scope) find(word string) ([]string, bool) {
	for ; s != nil; s = s.parent {
		if list, ok := s.words[word]; ok {
			return list, true
		}
	}
	return nil, false
}

// attributeNames returns the names of all attributes in scope, outermost first.
func (s *scope) attributeNames() []string {
	if s == nil {
		return nil
	}
	names := s.parent.attributeNames()
	for _, name := range s.attributes {
		if !slices.Contains(names, name) {
			names = append(slices.Clip(names), name)
		}
	}
	return names
}

// expand replaces every {word} by one of its alternatives, chosen by r and
// expanded in turn.
func (s *scope) expand(r *random, template string) string {
	var b strings.Builder
	for {
		head, tail, ok := strings.Cut(template, "{")
		b.WriteString(head)
		if !ok {
			return b.String()
		}
		word, rest, _ := strings.Cut(tail, "}")
		list, ok := s.find(word)
		if !ok {
			panic(fmt.Sprintf("demo: no word %q in the vocabulary", word))
		}
		b.WriteString(s.expand(r, pick(r, list)))
		template = rest
	}
}

// splitList splits "a | b | c".
func splitList(list string) []string {
	parts := strings.Split(list, "|")
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return parts
}

// cutLast is strings.Cut at the last separator.
func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// titleCase capitalizes the words of a kind's name, like "Crew-Neck Jumper".
func titleCase(s string) string {
	b := []byte(s)
	for i := range b {
		if (i == 0 || b[i-1] == ' ' || b[i-1] == '-') && b[i] >= 'a' && b[i] <= 'z' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b)
}
