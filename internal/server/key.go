package server

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"valse/graph"
	"valse/graph/model"
	"valse/store"
)

// An API key reads vk_<id>_<secret>. What is kept of it is a plain hash: the
// secret has 256 random bits, which nobody guesses however fast the hash is,
// and each request of a server checks it.
const (
	keyMark     = "vk_"
	keySettings = "apikey/"
	keyPrefix   = 6 // characters of the secret to recognise it by
)

// storedKey is what is kept of an API key.
type storedKey struct {
	graph.Key
	Hash [sha256.Size]byte `json:"hash"`
}

// Keys keeps API keys in the store's settings.
type Keys struct {
	settings store.Settings
	clock    func() time.Time
	checked  *recent[storedKey] // keys that were read a moment ago; may be nil
}

var errBadKey = errors.New("no such API key")

// NewKeys returns the API keys of a partition.
func NewKeys(st store.Settings) Keys { return Keys{settings: st, clock: time.Now} }

// Create makes a key and returns it with the text to give to the server.
func (k Keys) Create(ctx context.Context, name string, scopes []model.Scope) (graph.Key, string, error) {
	if name = strings.TrimSpace(name); name == "" || len(name) > 100 {
		return graph.Key{}, "", &store.Invalid{Field: "name", Value: name, Want: "1 to 100 bytes that say whose key it is"}
	}
	if len(scopes) == 0 {
		return graph.Key{}, "", &store.Invalid{Field: "scopes", Want: "at least one"}
	}
	slices.Sort(scopes)
	random := make([]byte, 4+32)
	_, _ = rand.Read(random) // never fails
	id, secret := hex.EncodeToString(random[:4]), base64.RawURLEncoding.EncodeToString(random[4:])
	key := storedKey{
		Key:  graph.Key{ID: id, Name: name, Prefix: secret[:keyPrefix], CreatedAt: k.clock().UTC(), Scopes: slices.Compact(scopes)},
		Hash: sha256.Sum256([]byte(secret)),
	}
	data, err := json.Marshal(key)
	if err != nil {
		return graph.Key{}, "", err
	}
	if err := k.settings.PutSetting(ctx, keySettings+id, data); err != nil {
		return graph.Key{}, "", err
	}
	return key.Key, keyMark + id + "_" + secret, nil
}

// check finds the key that a text is, and errBadKey when it is none.
func (k Keys) check(ctx context.Context, text string) (graph.Key, error) {
	id, secret, ok := strings.Cut(strings.TrimPrefix(text, keyMark), "_")
	if !ok || !strings.HasPrefix(text, keyMark) {
		return graph.Key{}, errBadKey
	}
	key, ok := k.checked.get(id)
	if !ok {
		var err error
		key, err = k.load(ctx, id)
		if isGone(err) {
			return graph.Key{}, errBadKey
		}
		if err != nil {
			return graph.Key{}, err
		}
		k.checked.put(id, key)
	}
	hash := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(hash[:], key.Hash[:]) != 1 {
		return graph.Key{}, errBadKey
	}
	return key.Key, nil
}

// Revoke removes a key. store.ErrNotFound.
func (k Keys) Revoke(ctx context.Context, id string) (graph.Key, error) {
	key, err := k.load(ctx, id)
	if err != nil {
		return graph.Key{}, err
	}
	if err := k.settings.PutSetting(ctx, keySettings+id, nil); err != nil {
		return graph.Key{}, err
	}
	k.checked.drop(id)
	return key.Key, nil
}

// List returns the keys, newest first, at most 100.
func (k Keys) List(ctx context.Context) ([]graph.Key, error) {
	names, err := store.AllSettingNames(ctx, k.settings, keySettings)
	if err != nil {
		return nil, err
	}
	list := make([]graph.Key, 0, len(names))
	for _, name := range names {
		key, err := k.load(ctx, strings.TrimPrefix(name, keySettings))
		if errors.Is(err, store.ErrNotFound) {
			continue // revoked meanwhile
		}
		if err != nil {
			return nil, err
		}
		list = append(list, key.Key)
	}
	slices.SortFunc(list, func(a, b graph.Key) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(len(list), 100)], nil
}

// isGone reports whether an error of load says for sure that there is no such key.
func isGone(err error) bool {
	return errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrUnavailable)
}

func (k Keys) load(ctx context.Context, id string) (storedKey, error) {
	var key storedKey
	data, err := k.settings.Setting(ctx, keySettings+id)
	if err != nil {
		return key, fmt.Errorf("API key %q: %w", id, err)
	}
	if err := json.Unmarshal(data, &key); err != nil {
		return key, fmt.Errorf("API key %q: %w", id, err)
	}
	return key, nil
}
