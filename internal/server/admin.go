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

// admin checks the token that opens the studio.
type admin struct {
	stored   []byte // salt and hash
	throttle throttle
}

// newAdmin makes sure that there is an admin token. The token comes back when
// it was made just now: it is not kept, only its hash. A given token replaces
// the one there was; renew makes a new one although there was one.
func newAdmin(ctx context.Context, st store.Settings, given string, renew bool, clock func() time.Time) (a *admin, made string, err error) {
	token := given
	if token == "" {
		secret := make([]byte, 32)
		_, _ = rand.Read(secret) // never fails
		token = base64.RawURLEncoding.EncodeToString(secret)
	}
	hash, err := hashToken(token)
	if err != nil {
		return nil, "", err
	}
	stored := hash
	if given != "" || renew {
		err = st.PutSetting(ctx, adminSecret, hash)
	} else {
		stored, err = st.InitSetting(ctx, adminSecret, hash)
	}
	if err != nil {
		return nil, "", fmt.Errorf("keep the admin token: %w", err)
	}
	if given != "" || !bytes.Equal(stored, hash) {
		token = ""
	}
	return &admin{stored: stored, throttle: throttle{clock: clock}}, token, nil
}

// NewAdminToken makes a new token that opens the studio, in place of the old
// one. Servers that run take it from their next start on.
func NewAdminToken(ctx context.Context, st store.Settings) (string, error) {
	_, token, err := newAdmin(ctx, st, "", true, time.Now)
	return token, err
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

// proof names the token without giving anything of it away: sessions opened
// with another token carry another proof.
func (a *admin) proof() string {
	sum := sha256.Sum256(a.stored)
	return hex.EncodeToString(sum[:8])
}

// check compares a token in constant time. The error is a *graph.SignInError.
func (a *admin) check(token string) error {
	if err := a.throttle.enter(); err != nil {
		return err
	}
	hash, err := saltedHash(a.stored[:saltLength], token)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare(hash, a.stored) != 1 {
		a.throttle.failed()
		return &graph.SignInError{Reason: "this is not the admin token"}
	}
	a.throttle.succeeded()
	return nil
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
