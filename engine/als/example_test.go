package als_test

import (
	"context"
	"fmt"
	"log"

	"valse/engine/als"
)

// Two users read novels (items 0 to 2), two read atlases (items 3 to 5), and
// nobody has read everything on their shelf.
var shelves = als.NewMatrix(4, 6,
	[]int32{0, 0, 1, 1, 2, 2, 3, 3},
	[]int32{0, 1, 1, 2, 3, 4, 4, 5},
	nil)

func ExampleTrain() {
	model, err := als.Train(context.Background(), shelves, als.Settings{Rank: 2}, nil)
	if err != nil {
		log.Fatal(err)
	}
	score := func(user, item int) (s float32) {
		for k, x := range model.Users.Row(user) {
			s += x * model.Items.Row(item)[k]
		}
		return s
	}
	fmt.Println("user 0 prefers the third novel to an atlas:", score(0, 2) > score(0, 3))
	// Output: user 0 prefers the third novel to an atlas: true
}

func ExampleFolder_Explain() {
	settings := als.Settings{Rank: 2}
	model, err := als.Train(context.Background(), shelves, settings, nil)
	if err != nil {
		log.Fatal(err)
	}
	folder := als.NewFolder(model.Items, settings)
	contribution, score := folder.Explain([]int32{1, 4}, nil, 2)
	fmt.Println("the novel read speaks for the next one, the atlas does not:",
		contribution[0] > 0.9*score)
	// Output: the novel read speaks for the next one, the atlas does not: true
}
