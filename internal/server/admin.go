package server

import (
	"bytes"
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"sync"
	"time"

	"valse/graph"
	"valse/store"
)

// adminSecret is the name under which salt and hash of the admin token lie.
const adminSecret = "secret/admin-token"

const (
	saltLength = 16
	hashRounds = 210_000 // PBKDF2-HMAC-SHA-256; about 0.1 s
)

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
	hash, err := hashToken(token)
	if err != nil {
		return "", err
	}
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

// hashToken salts and hashes a token.
func hashToken(token string) ([]byte, error) {
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // never fails
	return saltedHash(salt, token)
}

func saltedHash(salt []byte, token string) ([]byte, error) {
	key, err := pbkdf2.Key(sha256.New, token, salt, hashRounds, sha256.Size)
	if err != nil {
		return nil, err
	}
	return append(bytes.Clone(salt), key...), nil
}

// admin checks the token that opens the studio against the hash that the store
// has now.
type admin struct {
	settings store.Settings
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

// check compares a token in constant time and returns its proof. The error is a
// *graph.SignInError when it is wrong or has to wait.
func (a *admin) check(ctx context.Context, token string) (proof string, err error) {
	if err := a.throttle.enter(); err != nil {
		return "", err
	}
	stored, err := a.settings.Setting(ctx, adminSecret)
	if err != nil {
		return "", fmt.Errorf("read the admin token's hash: %w", err)
	}
	if len(stored) != saltLength+sha256.Size {
		return "", fmt.Errorf("setting %s has %d bytes", adminSecret, len(stored))
	}
	hash, err := saltedHash(stored[:saltLength], token)
	if err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare(hash, stored) != 1 {
		a.throttle.failed()
		return "", &graph.SignInError{Reason: "this is not the admin token"}
	}
	a.throttle.succeeded()
	return proofOf(stored), nil
}

// throttle slows guessing down: after three failures each further one doubles
// the pause before the next try, up to a minute.
type throttle struct {
	clock func() time.Time

	mu       sync.Mutex
	failures int
	until    time.Time
}

const freeFailures = 3

// enter refuses a try during the pause.
func (t *throttle) enter() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.until.Sub(t.clock()); wait > 0 {
		return &graph.SignInError{Reason: fmt.Sprintf("too many wrong tokens: try again in %d s", int(wait.Seconds())+1)}
	}
	return nil
}

func (t *throttle) failed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failures++; t.failures >= freeFailures {
		pause := min(time.Minute, time.Second<<min(t.failures-freeFailures, 6))
		t.until = t.clock().Add(pause)
	}
}

func (t *throttle) succeeded() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures = 0
}
