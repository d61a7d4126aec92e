package sources

import (
	"cmp"
	"slices"

	"valse/store"
)

// holdSize is how many interactions are held at most: some hundred megabytes.
// A product or user takes the room of heldText of them, and of one more for each
// heldBytes of its texts.
const (
	holdSize  = 1 << 20
	heldText  = 16
	heldBytes = 512
)

// batchSize is how many rows go to the sink at once.
const batchSize = 20_000

// hold keeps rows between their reading and their applying, so that a file
// that fits is read only once, and gives each user's interactions out together
// and in order of time, in whatever order they came: a store's indices then
// grow at their ends.
type hold struct {
	products []store.Product
	users    []store.User
	text     int // bytes of their texts

	chunks [][]store.Interaction // of batchSize, so that growing copies nothing
	actor  []int32               // of each interaction the number of its user
	actors map[string]int32      // numbers of users, by first appearance
	counts []int                 // interactions of each user
}

func (h *hold) size() int {
	return heldText*(len(h.products)+len(h.users)) + h.text/heldBytes + len(h.actor)
}

// rows is how many rows of any kind are held.
func (h *hold) rows() int { return len(h.products) + len(h.users) + len(h.actor) }

func (h *hold) addProduct(p store.Product) {
	h.products = append(h.products, p)
	h.text += len(p.Title) + len(p.Description) + len(p.Category) + len(p.Vendor) + len(p.ImageURL)
	h.addText(p.Attributes)
}

func (h *hold) addUser(u store.User) {
	h.users = append(h.users, u)
	h.text += len(u.Name) + len(u.Persona)
	h.addText(u.Attributes)
}

func (h *hold) addText(attributes map[string]string) {
	for name, value := range attributes {
		h.text += len(name) + len(value)
	}
}

func (h *hold) add(i store.Interaction) {
	actor, known := h.actors[i.UserID]
	if !known {
		if h.actors == nil {
			h.actors = map[string]int32{}
		}
		actor = int32(len(h.counts))
		h.actors[i.UserID] = actor
		h.counts = append(h.counts, 0)
	}
	if len(h.actor)%batchSize == 0 {
		h.chunks = append(h.chunks, make([]store.Interaction, 0, batchSize))
	}
	last := &h.chunks[len(h.chunks)-1]
	*last = append(*last, i)
	h.actor = append(h.actor, actor)
	h.counts[actor]++
}

// batches calls f with the interactions, user by user as they first appeared,
// each user's by time and, where that is the same, in the order in which they
// came. A batch is good until f returns.
func (h *hold) batches(f func([]store.Interaction) error) error {
	order := h.order()
	batch := make([]store.Interaction, 0, min(batchSize, len(order)))
	for n, from := range order {
		batch = append(batch, *h.at(from))
		if len(batch) < batchSize && n+1 < len(order) {
			continue
		}
		if err := f(batch); err != nil {
			return err
		}
		batch = batch[:0]
	}
	return nil
}

// order lists the interactions by user and time.
func (h *hold) order() []int32 {
	places := make([]int, len(h.counts)) // where each user's next one goes
	for actor, place := 0, 0; actor < len(places); actor++ {
		places[actor] = place
		place += h.counts[actor]
	}
	order := make([]int32, len(h.actor))
	for n, actor := range h.actor {
		order[places[actor]] = int32(n)
		places[actor]++
	}
	for actor, end := range places {
		slices.SortFunc(order[end-h.counts[actor]:end], func(a, b int32) int {
			return cmp.Or(h.at(a).Time.Compare(h.at(b).Time), cmp.Compare(a, b))
		})
	}
	return order
}

func (h *hold) at(n int32) *store.Interaction { return &h.chunks[n/batchSize][n%batchSize] }
