// Package lru keeps what was used last, as much of it as there is room for.
package lru

import (
	"container/list"
	"sync"
)

// Cache holds values by key, the least recently used of which go when there is
// no room for another. It is safe for concurrent use.
type Cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]*list.Element
	latest  *list.List // of entry[K, V], the latest used first
	room    int
	used    int
}

type entry[K comparable, V any] struct {
	key   K
	value V
	size  int
}

// New returns an empty cache with so much room, in whatever unit the sizes of
// its values are told.
func New[K comparable, V any](room int) *Cache[K, V] {
	return &Cache[K, V]{entries: map[K]*list.Element{}, latest: list.New(), room: room}
}

// Get returns the value of a key.
func (c *Cache[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return value, false
	}
	c.latest.MoveToFront(e)
	return e.Value.(*entry[K, V]).value, true
}

// Put keeps a value in place of the key's last one. A value that there is no
// room for even alone is not kept.
func (c *Cache[K, V]) Put(key K, value V, size int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(key)
	if size > c.room {
		return
	}
	for c.used+size > c.room {
		c.drop(c.latest.Back().Value.(*entry[K, V]).key)
	}
	c.entries[key] = c.latest.PushFront(&entry[K, V]{key, value, size})
	c.used += size
}

// Drop forgets a key.
func (c *Cache[K, V]) Drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(key)
}

func (c *Cache[K, V]) drop(key K) {
	if e, ok := c.entries[key]; ok {
		c.used -= c.latest.Remove(e).(*entry[K, V]).size
		delete(c.entries, key)
	}
}
