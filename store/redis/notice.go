package redis

import (
	"context"
	"encoding/json"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"valse/store"
	"valse/store/internal/bell"
)

// channel names the partition's channel.
func (s *Store) channel() string { return s.control.key("notices") }

// encodeNotice makes a notice. A message is a list of them.
func encodeNotice(kind store.NoticeKind, id string, at time.Time) string {
	// Strings and a present time always marshal.
	message, _ := json.Marshal(store.Notice{Kind: kind, ID: id, At: at.UTC()})
	return string(message)
}

// ring sends a notice. What it tells of is stored already and notices may be
// lost, so an error says nothing that the caller could use.
func (s *Store) ring(ctx context.Context, kind store.NoticeKind, id string) {
	s.client.Publish(ctx, s.channel(), "["+encodeNotice(kind, id, s.now())+"]")
}

// Echo measures how long a message takes from this process to Redis and back by
// publish and subscribe: what no notice can be faster than.
func (s *Store) Echo(ctx context.Context, times int) ([]time.Duration, error) {
	channel := s.control.key("echo")
	subscription := s.client.Subscribe(ctx, channel)
	defer subscription.Close()
	if _, err := subscription.Receive(ctx); err != nil {
		return nil, translate("echo", err)
	}
	took := make([]time.Duration, times)
	for n := range took {
		begin := time.Now()
		if err := s.client.Publish(ctx, channel, n).Err(); err != nil {
			return nil, translate("echo", err)
		}
		if _, err := subscription.ReceiveMessage(ctx); err != nil {
			return nil, translate("echo", err)
		}
		took[n] = time.Since(begin)
	}
	return took, nil
}

// Watch returns a channel of notices, closed when ctx or the store ends. The
// subscription stands when it returns and is renewed when a connection breaks,
// which the reader is told by NoticeMissed.
func (s *Store) Watch(ctx context.Context) (<-chan store.Notice, error) {
	subscription := s.client.Subscribe(ctx, s.channel())
	if _, err := subscription.Receive(ctx); err != nil {
		subscription.Close()
		return nil, translate("watch", err)
	}
	heard := bell.New()
	notices, err := heard.Watch(ctx)
	if err != nil {
		return nil, err
	}
	s.watchers.Go(func() {
		defer heard.Close()
		defer subscription.Close()
		messages := subscription.ChannelWithSubscriptions(goredis.WithChannelHealthCheckInterval(time.Second))
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.closing.Done():
				return
			case message, open := <-messages:
				if !open {
					return
				}
				heard.Ring(s.read(message)...)
			}
		}
	})
	return notices, nil
}

// read reads the notices that came over a subscription that stood before. That
// it stands once more means that it did not in between.
func (s *Store) read(message any) (notices []store.Notice) {
	switch m := message.(type) {
	case *goredis.Subscription:
		return []store.Notice{{Kind: store.NoticeMissed, At: s.now().UTC()}}
	case *goredis.Message:
		_ = json.Unmarshal([]byte(m.Payload), &notices) // what is none tells nothing
	}
	return notices
}
