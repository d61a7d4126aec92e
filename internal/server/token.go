package server

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"valse/store"
)

// Audiences of the tokens: one never passes for another.
const (
	audienceConsumer = "consumer"
	audienceAdmin    = "admin"
)

// sessionSecret is the name under which servers of a partition share the
// signing secret.
const sessionSecret = "secret/session"

// claims are what a token says.
type claims struct {
	jwt.RegisteredClaims
	// Anonymous tells that the subject is a visitor who has not signed in.
	Anonymous bool `json:"anon,omitempty"`
	// Proof names the admin token that an admin's session was opened with.
	Proof string `json:"proof,omitempty"`
}

// signer signs and checks tokens of one partition.
type signer struct {
	secret []byte
	issuer string
	clock  func() time.Time
}

// newSigner agrees on the secret with the partition's other servers.
func newSigner(ctx context.Context, st store.Settings, partition string, clock func() time.Time) (*signer, error) {
	fresh := make([]byte, 32)
	_, _ = rand.Read(fresh) // never fails
	secret, err := st.InitSetting(ctx, sessionSecret, fresh)
	if err != nil {
		return nil, fmt.Errorf("agree on the session secret: %w", err)
	}
	return &signer{secret: secret, issuer: "valse/" + partition, clock: clock}, nil
}

// sign makes a token for an audience that is valid for a while.
func (s *signer) sign(c claims, audience string, valid time.Duration) (token string, expires time.Time, err error) {
	now := s.clock().UTC().Truncate(time.Second)
	expires = now.Add(valid)
	c.Issuer, c.Audience = s.issuer, jwt.ClaimStrings{audience}
	c.IssuedAt, c.ExpiresAt = jwt.NewNumericDate(now), jwt.NewNumericDate(expires)
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(s.secret)
	return token, expires, err
}

// verify checks signature, algorithm, issuer, audience and expiry.
func (s *signer) verify(token, audience string) (claims, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.secret, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}),
		jwt.WithIssuer(s.issuer), jwt.WithAudience(audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithTimeFunc(s.clock))
	return c, err
}
