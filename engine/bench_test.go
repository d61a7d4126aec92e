package engine

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"valse/engine/als"
	"valse/engine/internal/kernel/kerneltest"
	"valse/engine/rule"
	"valse/store"
)

// BenchmarkRecommend answers a user of 50 interactions from 27,000 products of
// 90 vendors at rank 64, history in any order to finished list, under rules of
// several kinds.
func BenchmarkRecommend(b *testing.B) {
	r, history := benchmarked(b)
	vendors := func(from, to int) (m rule.Match) {
		for v := from; v < to; v++ {
			m.Vendors = append(m.Vendors, fmt.Sprint("v", v))
		}
		return m
	}
	vary := rule.Rule{Kind: rule.Diversify, Strength: 0.3}
	boost := rule.Rule{Kind: rule.Boost, Factor: 2, Where: vendors(0, 9)}
	bury := rule.Rule{Kind: rule.Bury, Factor: 3, Where: vendors(9, 18)}
	limit := rule.Rule{Kind: rule.Limit, MaxPerVendor: 1}
	for _, c := range []struct {
		name  string
		rules []rule.Rule
	}{
		{"none", nil},
		{"hide", []rule.Rule{{Kind: rule.Hide, Where: vendors(0, 9)}}},
		{"boost", []rule.Rule{boost}},
		{"boost and bury", []rule.Rule{boost, bury}},
		{"limit", []rule.Rule{limit}},
		{"vary", []rule.Rule{vary}},
		{"all", []rule.Rule{boost, bury, limit, vary}},
	} {
		for _, n := range []int{10, 20} {
			b.Run(fmt.Sprintf("%s/n=%d", c.name, n), func(b *testing.B) {
				p := under(b, r, c.rules...)
				b.ReportAllocs()
				stop := kerneltest.Meter(b, 0)
				for b.Loop() {
					if l := r.Recommend(Request{N: n, History: history, Policy: p}); len(l.Items) != n || l.Source != SourceLive {
						b.Fatalf("list = %+v", l)
					}
				}
				stop()
			})
		}
	}
}

func benchmarked(b *testing.B) (*Recommender, []store.Interaction) {
	b.Helper()
	const products, rank = 27_000, 64
	random := rand.New(rand.NewPCG(1, 1))
	m := &Model{X: als.NewFactors(0, rank), Y: als.NewFactors(products, rank), Info: Info{ID: "m", Newest: start}}
	m.Info.Settings = Settings{Rank: rank}
	for i := range m.Y.Data {
		length := math.Pow(1+float64(i/rank)/100, -0.5) // few products are much loved
		m.Y.Data[i] = float32(random.NormFloat64()*length) / 8
	}
	for p := range products {
		m.ProductIDs = append(m.ProductIDs, fmt.Sprint(p))
	}
	k, err := NewRanker(m)
	if err != nil {
		b.Fatal(err)
	}
	shop := make([]store.Product, products)
	for p := range shop {
		shop[p] = store.Product{ID: fmt.Sprint(p), Vendor: fmt.Sprint("v", p%90), Price: -1}
	}
	r := NewRecommender(k, NewCatalogue(shop, m.ProductIDs), nil, nil)
	var history []store.Interaction
	for h := range 50 {
		history = append(history, event("u", fmt.Sprint(random.IntN(products)), store.Purchase, 1, float64(h)))
	}
	return r, history
}
