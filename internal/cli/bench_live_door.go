package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"valse/graph/model"
	"valse/internal/live"
	"valse/internal/pipeline"
	"valse/internal/server"
	"valse/store"
	"valse/warehouse"
)

// listed is how long the lists are.
const listed = 20

// door is a way in for events and out for lists.
type door interface {
	// record returns when an event is accepted.
	record(ctx context.Context, e store.Interaction) error
	// subscribe opens a user's list and sends the products of each that comes.
	subscribe(ctx context.Context, userID string) (<-chan []string, error)
}

// inside is the way in this process.
type inside struct {
	st      store.Store
	service *live.Service
}

func (d inside) record(ctx context.Context, e store.Interaction) error {
	_, err := d.st.Append(ctx, []store.Interaction{e})
	return err
}

func (d inside) subscribe(ctx context.Context, userID string) (<-chan []string, error) {
	lists, err := d.service.Subscribe(ctx, userID, live.Request{N: listed})
	if err != nil {
		return nil, err
	}
	products := make(chan []string)
	go func() {
		defer close(products)
		for l := range lists {
			ids := make([]string, len(l.Items))
			for n, item := range l.Items {
				ids[n] = item.ProductID
			}
			select {
			case products <- ids:
			case <-ctx.Done():
			}
		}
	}()
	return products, nil
}

// network is the way that a shop's server takes: a mutation by HTTP, and
// server-sent events, each subscription over a connection of its own.
type network struct {
	url, key string
	client   *http.Client
}

// openNetwork serves on a port of this machine until ctx ends, and makes a key
// for the caller. The group ends when the server has.
func openNetwork(ctx context.Context, st store.Store, service *live.Service, dir string, work *errgroup.Group) (*network, error) {
	wh, err := warehouse.Open(dir, "bench", nil)
	if err != nil {
		return nil, err
	}
	_, key, err := server.NewKeys(st).Create(ctx, "bench", []model.Scope{model.ScopeRead, model.ScopeWrite})
	if err != nil {
		return nil, err
	}
	silent := slog.New(slog.DiscardHandler)
	s, err := server.New(ctx, server.Config{
		Store: st, Live: service, Pipeline: pipeline.New(st, wh, pipeline.Options{Logger: silent}), Logger: silent, DataDir: dir,
	})
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	work.Go(func() error { return s.Run(ctx, listener) })
	return &network{"http://" + listener.Addr().String() + "/graphql", key, &http.Client{Transport: &http.Transport{}}}, nil
}

// post sends a document and returns the answer's body.
func (d *network) post(ctx context.Context, accept, document string, variables map[string]any) (io.ReadCloser, error) {
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	request.Header.Set("Authorization", "Bearer "+d.key)
	response, err := d.client.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("the server answers %s", response.Status)
	}
	return response.Body, nil
}

func (d *network) record(ctx context.Context, e store.Interaction) error {
	body, err := d.post(ctx, "application/json",
		`mutation($events: [InteractionInput!]!) { recordInteractions(interactions: $events) { results { outcome } userErrors { message } } }`,
		map[string]any{"events": []any{map[string]any{
			"eventId": e.EventID, "userId": e.UserID, "productId": e.ProductID, "type": e.Type.String(), "time": e.Time,
		}}})
	if err != nil {
		return err
	}
	defer body.Close()
	answer, err := io.ReadAll(body)
	if err == nil && !bytes.Contains(answer, []byte(`"outcome"`)) {
		err = fmt.Errorf("the server answers %s", answer)
	}
	return err
}

func (d *network) subscribe(ctx context.Context, userID string) (<-chan []string, error) {
	body, err := d.post(ctx, "text/event-stream", fmt.Sprintf(
		`subscription($user: ID!) { recommendations(userId: $user, first: %d) { recommendationId items { rank product { productId title } } } }`, listed),
		map[string]any{"user": userID})
	if err != nil {
		return nil, err
	}
	products := make(chan []string)
	go func() {
		defer close(products)
		defer body.Close()
		for lines := bufio.NewScanner(body); lines.Scan(); {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			ids, err := productsOf(data)
			if err != nil {
				return
			}
			select {
			case products <- ids:
			case <-ctx.Done():
			}
		}
	}()
	return products, nil
}

// productsOf reads a list as it comes over the network.
func productsOf(answer string) (ids []string, err error) {
	var a struct {
		Data struct {
			Recommendations struct {
				Items []struct{ Product struct{ ProductID string } }
			}
		}
	}
	err = json.Unmarshal([]byte(answer), &a)
	for _, item := range a.Data.Recommendations.Items {
		ids = append(ids, item.Product.ProductID)
	}
	return ids, err
}

// follower records events and waits for the lists that follow.
type follower struct {
	door
	name   string // of its events
	random *rand.Rand
	lists  []<-chan []string
	last   [][]string
}

// open opens a subscription for each user and waits for the first lists.
func (f *follower) open(ctx context.Context, users int) error {
	for u := range users {
		lists, err := f.subscribe(ctx, fmt.Sprint("u", u))
		if err != nil {
			return err
		}
		first, open := <-lists
		if !open || len(first) == 0 {
			return fmt.Errorf("user %d: no first list came", u)
		}
		f.lists, f.last = append(f.lists, lists), append(f.last, first)
	}
	return nil
}

// follow buys the best product of a user's list, again and again, and measures
// the time until a list without it has come.
func (f *follower) follow(ctx context.Context, events int) (l lag, err error) {
	var sinceAccepted, sinceSent []time.Duration
	for n := range events {
		u := f.random.IntN(len(f.lists))
		e := visit(u, 0, fmt.Sprint(f.name, n), store.Purchase, 0)
		e.ProductID = f.last[u][0]
		begin := time.Now()
		if err := f.record(ctx, e); err != nil {
			return l, err
		}
		answered := time.Now()
		for slices.Contains(f.last[u], e.ProductID) {
			var open bool
			select {
			case f.last[u], open = <-f.lists[u]:
				if !open {
					return l, errors.New("a subscription ended")
				}
			case <-time.After(10 * time.Second):
				return l, fmt.Errorf("no list followed event %d in 10 s", n)
			}
		}
		sinceAccepted, sinceSent = append(sinceAccepted, time.Since(answered)), append(sinceSent, time.Since(begin))
	}
	return lag{spreadOf(sinceAccepted), spreadOf(sinceSent)}, nil
}
