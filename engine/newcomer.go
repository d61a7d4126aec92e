package engine

import (
	"errors"
	"fmt"
	"slices"

	"valse/engine/als"
	"valse/store"
)

// Newcomers gives factors to products that came after a model's training. What
// it needs of the model is prepared once. It is not safe for concurrent use.
//
// Before anyone has touched it a product has the factor that its category,
// vendor and title lead to. Its first interactions solve it as training would,
// against the users' factors, and the two are mixed: of n users who said
// something, the guess counts as settled of them do. Solving alone would not do
// from the start: it takes all who have not seen the product yet for people who
// do not want it.
type Newcomers struct {
	ranker *Ranker
	side   folder           // solves a product against users
	users  map[string]int32 // rows by id
	guess  *guess
}

// settled is how many users' worth the guess is.
const settled = 5

// NewNewcomers prepares a ranker's model and the products as they are.
func NewNewcomers(k *Ranker, products []store.Product) *Newcomers {
	m := k.model
	return &Newcomers{
		ranker: k, side: newFolder(m.flipped(), m.Info.Settings.WithDefaults()),
		users: numbers(m.UserIDs), guess: newGuess(m, products),
	}
}

// numbers maps ids to their positions.
func numbers(ids []string) map[string]int32 {
	n := make(map[string]int32, len(ids))
	for i, id := range ids {
		n[id] = int32(i)
	}
	return n
}

// Extend returns a ranker of the same model with rows for further products, made
// from what they are and from the events, which may hold anything else besides.
// The products must be unknown to the model.
func (n *Newcomers) Extend(products []store.Product, e *Events) (*Ranker, error) {
	m := n.ranker.model
	ids, rows := make([]string, len(products)), make([][]float32, len(products))
	for i := range products {
		ids[i], rows[i] = products[i].ID, n.guess.factor(&products[i])
	}
	if err := n.settle(rows, numbers(ids), e); err != nil {
		return nil, fmt.Errorf("factors of new products: %w", err)
	}
	x := *m
	x.ProductIDs = slices.Concat(m.ProductIDs, ids)
	added, bias := m.tableOf(rows)
	x.Y = als.Factors{Rows: m.Y.Rows + added.Rows, Rank: m.Y.Rank, Data: slices.Concat(m.Y.Data, added.Data)}
	if m.ProductBias != nil {
		x.ProductBias = slices.Concat(m.ProductBias, bias)
	}
	k, err := NewRanker(&x)
	if err == nil {
		k.trained = len(m.ProductIDs)
	}
	return k, err
}

// about returns the events of those users who did something with one of the
// products.
func (e *Events) about(products map[string]int32) *Events {
	wanted := make([]bool, len(e.UserIDs))
	for i, p := range e.Product {
		if _, ok := products[e.ProductIDs[p]]; ok {
			wanted[e.User[i]] = true
		}
	}
	some := &Events{UserIDs: e.UserIDs, ProductIDs: e.ProductIDs}
	for i, u := range e.User {
		if wanted[u] {
			some.User, some.Product = append(some.User, u), append(some.Product, e.Product[i])
			some.Type, some.Value = append(some.Type, e.Type[i]), append(some.Value, e.Value[i])
			some.Time, some.Basket = append(some.Time, e.Time[i]), append(some.Basket, e.Basket[i])
		}
	}
	return some
}

// settle mixes the guessed rows of products, numbered by their ids, with what
// events solve.
func (n *Newcomers) settle(rows [][]float32, number map[string]int32, e *Events) error {
	s := n.ranker.model.Info.Settings.WithDefaults()
	v, err := e.about(number).read(s)
	if errors.Is(err, ErrNoData) {
		return nil // nobody has said anything yet
	}
	if err != nil {
		return err
	}
	data := v.matrixAt(v.all(), n.ranker.reader.newest)
	side := n.side.over(n.ranker.model, s, n.rowsOf(v, data))
	columns := data.Transpose()
	for p, id := range v.products {
		i, isNew := number[id]
		if !isNew {
			continue
		}
		index, weight := columns.Row(p)
		rank := len(rows[i]) - 1
		solved := make([]float32, rank+1)
		solved[rank] = side.solve(solved[:rank], index, weight)
		mix(rows[i], solved, float32(len(index)))
	}
	return nil
}

// mix moves a guessed row towards a solved one, as far as n users bring it.
func mix(row, solved []float32, n float32) {
	share := n / (n + settled)
	for k := range row {
		row[k] += share * (solved[k] - row[k])
	}
}

// rowsOf returns the users of evidence with their rows: the model's, or for
// those it does not know what their evidence of its products leads to.
func (n *Newcomers) rowsOf(v *evidence, data *als.Matrix) userRows {
	m := n.ranker.model
	rows := userRows{als.NewFactors(len(v.users), m.X.Rank), make([]float32, len(v.users))}
	for u, id := range v.users {
		if row, ok := n.users[id]; ok {
			copy(rows.factors.Row(u), m.X.Row(int(row)))
			if m.UserBias != nil {
				rows.bias[u] = m.UserBias[row]
			}
			continue
		}
		index, weight := n.known(v, data, u)
		rows.bias[u] = n.ranker.folder.solve(rows.factors.Row(u), index, weight)
	}
	return rows
}

// userRows are factors and biases of users.
type userRows struct {
	factors als.Factors
	bias    []float32
}

// known returns the part of a user's evidence that is of the model's products,
// in the model's numbers.
func (n *Newcomers) known(v *evidence, data *als.Matrix, u int) (index []int32, weight []float32) {
	all, weights := data.Row(u)
	for k, p := range all {
		if i, ok := n.ranker.number[v.products[p]]; ok {
			index = append(index, i)
			if weights != nil {
				weight = append(weight, weights[k])
			}
		}
	}
	return index, weight
}
