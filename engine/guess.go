package engine

import (
	"slices"
	"strings"
	"unicode"

	"valse/engine/als"
	"valse/engine/internal/kernel"
	"valse/store"
)

// guess foretells the factor of a product that nobody has touched from what it
// is: a ridge regression from category, vendor and the words of the title to the
// factors of a model's products. It minimises
//
//	Σ_products ‖y − m − Σ_features w‖² + held Σ_features ‖w‖²
//
// with m the mean factor. A factor is followed by its bias where there is one.
type guess struct {
	mean    []float32
	weights map[string][]float32
}

const (
	// held is the regulariser: a feature counts in full only when it belongs to
	// many more products than this.
	held = 3
	// guessSweeps of Gauss-Seidel bring the regression close to its solution.
	guessSweeps = 10
	// leastWord is the least length of a word in letters.
	leastWord = 3
)

// newGuess fits the regression on those products that the model knows.
func newGuess(m *Model, products []store.Product) *guess {
	number := make(map[string]int, len(m.ProductIDs))
	for i, id := range m.ProductIDs {
		number[id] = i
	}
	g := &guess{mean: make([]float32, m.Y.Rank+1), weights: map[string][]float32{}}
	var rest [][]float32 // of each product, what is not explained yet
	members := map[string][]int32{}
	for i := range products {
		row, known := number[products[i].ID]
		if !known {
			continue
		}
		for _, f := range features(&products[i]) {
			members[f] = append(members[f], int32(len(rest)))
		}
		rest = append(rest, m.wholeRow(row))
	}
	for _, y := range rest {
		kernel.Axpy(1/float32(len(rest)), y, g.mean)
	}
	for _, y := range rest {
		kernel.Axpy(-1, g.mean, y)
	}
	g.fit(rest, members)
	return g
}

// wholeRow is a copy of a product's factor followed by its bias.
func (m *Model) wholeRow(i int) []float32 {
	row := append(make([]float32, 0, m.Y.Rank+1), m.Y.Row(i)...)
	if m.ProductBias == nil {
		return append(row, 0)
	}
	return append(row, m.ProductBias[i])
}

// fit solves one feature after another for the rest that the others leave: the
// method of Gauss and Seidel on the normal equations. Features of one product
// say nothing about another and are left out.
func (g *guess) fit(rest [][]float32, members map[string][]int32) {
	var names []string
	for f, of := range members {
		if len(of) > 1 {
			names = append(names, f)
			g.weights[f] = make([]float32, len(g.mean))
		}
	}
	slices.Sort(names) // the same products give the same guess
	step := make([]float32, len(g.mean))
	for range guessSweeps {
		for _, f := range names {
			w, of := g.weights[f], members[f]
			clear(step)
			kernel.Axpy(-held, w, step)
			for _, p := range of {
				kernel.Axpy(1, rest[p], step)
			}
			length := 1 / float32(len(of)+held)
			kernel.Axpy(length, step, w)
			for _, p := range of {
				kernel.Axpy(-length, step, rest[p])
			}
		}
	}
}

// factor returns what the regression says of a product, bias last.
func (g *guess) factor(p *store.Product) []float32 {
	y := slices.Clone(g.mean)
	for _, f := range features(p) {
		if w, known := g.weights[f]; known {
			kernel.Axpy(1, w, y)
		}
	}
	return y
}

// features are a product's category and all categories above it, its vendor, and
// the words of its title; each once.
func features(p *store.Product) []string {
	var all []string
	for path := p.Category; path != ""; path = parent(path) {
		all = append(all, "category "+path)
	}
	if p.Vendor != "" {
		all = append(all, "vendor "+p.Vendor)
	}
	words := strings.FieldsFunc(strings.ToLower(p.Title), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range words {
		if len([]rune(word)) >= leastWord {
			all = append(all, "word "+word)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// tableOf makes factors, and biases where the model has them, of whole rows.
func (m *Model) tableOf(rows [][]float32) (als.Factors, []float32) {
	f := als.NewFactors(len(rows), m.Y.Rank)
	var bias []float32
	for i, row := range rows {
		copy(f.Row(i), row)
		if m.ProductBias != nil {
			bias = append(bias, row[m.Y.Rank])
		}
	}
	return f, bias
}
