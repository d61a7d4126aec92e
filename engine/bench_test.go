package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"valse/engine/als"
	"valse/store"
)

// BenchmarkRecommend answers a user of 50 interactions from 27,000 products at
// rank 64: history in any order to finished list.
func BenchmarkRecommend(b *testing.B) {
	const products, rank = 27_000, 64
	random := rand.New(rand.NewPCG(1, 1))
	m := &Model{X: als.NewFactors(0, rank), Y: als.NewFactors(products, rank), Info: Info{ID: "m", Newest: start}}
	m.Info.Settings = Settings{Rank: rank}
	for i := range m.Y.Data {
		m.Y.Data[i] = float32(random.NormFloat64()) / 8
	}
	for p := range products {
		m.ProductIDs = append(m.ProductIDs, fmt.Sprint(p))
	}
	k, err := NewRanker(m)
	if err != nil {
		b.Fatal(err)
	}
	r := NewRecommender(k, CatalogueOf(m.ProductIDs), nil, nil)
	var history []store.Interaction
	for h := range 50 {
		history = append(history, event("u", fmt.Sprint(random.IntN(products)), store.Purchase, 1, float64(h)))
	}
	b.ReportAllocs()
	for b.Loop() {
		if l := r.Recommend(Request{N: 10, History: history}); len(l.Items) != 10 || l.Source != SourceLive {
			b.Fatalf("list = %+v", l)
		}
	}
}
