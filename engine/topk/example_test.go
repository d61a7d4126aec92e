package topk_test

import (
	"fmt"

	"valse/engine/topk"
)

func ExampleIndex_Search() {
	items := topk.New(4, 2, []float32{
		1, 0,
		0, 1,
		2, 2,
		3, 0,
	}, nil)
	sold := topk.NewMask(4)
	sold.Set(3)
	for _, hit := range items.Search(nil, []float32{1, 0.5}, 2, sold) {
		fmt.Println(hit.Item, hit.Score)
	}
	// Output:
	// 2 3
	// 0 1
}
