package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"valse/graph"
	"valse/internal/lru"
	"valse/store"
)

// adminSecret is the name under which the hash of the admin token lies.
const adminSecret = "secret/admin-token"

// hashing is what OWASP advises for Argon2id: the token may be one that a person
// chose, so that guessing it has to be slow.
var hashing = &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// NewAdminToken makes a new token that opens the studio. The one before, and
// the sessions opened with it, stop working on every server.
func NewAdminToken(ctx context.Context, settings store.Settings) (string, error) {
	return initAdminToken(ctx, settings, "", true)
}

// initAdminToken makes sure that there is an admin token. The token comes back
// when it was made just now: it is not kept, only its hash. A given token
// replaces the one there was; renew makes a new one although there was one.
func initAdminToken(ctx context.Context, settings store.Settings, given string, renew bool) (made string, err error) {
	token := given
	if token == "" {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		token = base64.RawURLEncoding.EncodeToString(secret)
	}
	text, err := argon2id.CreateHash(token, hashing)
	if err != nil {
		return "", fmt.Errorf("hash the admin token: %w", err)
	}
	hash := []byte(text)
	stored := hash
	if given != "" || renew {
		err = settings.PutSetting(ctx, adminSecret, hash)
	} else {
		stored, err = settings.InitSetting(ctx, adminSecret, hash)
	}
	if err != nil {
		return "", fmt.Errorf("keep the admin token: %w", err)
	}
	if given != "" || !bytes.Equal(stored, hash) {
		return "", nil
	}
	return token, nil
}

// admin checks the token that opens the studio against the hash that the store
// has now.
type admin struct {
	settings store.Settings
	trying   sync.Mutex
	throttle throttle
}

// proof names the present token without giving anything of it away: a session
// opened with another token carries another proof.
func (a *admin) proof(ctx context.Context) (string, error) {
	stored, err := a.settings.Setting(ctx, adminSecret)
	if err != nil {
		return "", err
	}
	return proofOf(stored), nil
}

func proofOf(stored []byte) string {
	sum := sha256.Sum256(stored)
	return hex.EncodeToString(sum[:8])
}

// check compares, in constant time, the token that an address sent and returns its
// proof. The error is a *graph.SignInError when it is wrong or has to wait. Tries
// go one by one, whoever makes them: each takes memory.
func (a *admin) check(ctx context.Context, address, token string) (proof string, err error) {
	a.trying.Lock()
	defer a.trying.Unlock()
	if err := a.throttle.enter(address); err != nil {
		return "", err
	}
	stored, err := a.settings.Setting(ctx, adminSecret)
	if err != nil {
		return "", fmt.Errorf("read the admin token's hash: %w", err)
	}
	same, err := argon2id.ComparePasswordAndHash(token, string(stored))
	if err != nil {
		return "", fmt.Errorf("setting %s: %w: make a new token with valse keys admin", adminSecret, err)
	}
	if !same {
		a.throttle.failed(address)
		return "", &graph.SignInError{Reason: "this is not the admin token"}
	}
	a.throttle.wrong.Drop(address)
	return proofOf(stored), nil
}

// throttle slows guessing down: after three failures of an address each further
// one doubles the pause before its next try, up to a minute. Other addresses do
// not wait, so that nobody locks the admin out. It is not safe for concurrent use.
type throttle struct {
	clock func() time.Time
	wrong *lru.Cache[string, failures] // by address
}

// failures are the wrong tokens of an address, and when it may try again.
type failures struct {
	count int
	until time.Time
}

const (
	freeFailures = 3
	maxFailing   = 10_000 // addresses; who was not seen for longest is forgotten
)

func newThrottle(clock func() time.Time) throttle {
	return throttle{clock, lru.New[string, failures](maxFailing)}
}

// enter refuses a try during the pause.
func (t *throttle) enter(address string) error {
	f, _ := t.wrong.Get(address)
	if wait := f.until.Sub(t.clock()); wait > 0 {
		return &graph.SignInError{Reason: fmt.Sprintf("too many wrong tokens: try again in %d s", int(wait.Seconds())+1), Wait: true}
	}
	return nil
}

func (t *throttle) failed(address string) {
	f, _ := t.wrong.Get(address)
	if f.count++; f.count >= freeFailures {
		pause := min(time.Minute, time.Second<<min(f.count-freeFailures, 6))
		f.until = t.clock().Add(pause)
	}
	t.wrong.Put(address, f, 1)
}
