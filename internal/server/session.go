package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"

	"valse/graph"
	"valse/graph/model"
	"valse/store"
)

// Cookies and how long what they hold is valid.
const (
	consumerCookie = "valse_session"
	adminCookie    = "valse_admin"

	anonymousFor = 365 * 24 * time.Hour
	signedInFor  = 30 * 24 * time.Hour
	adminFor     = 12 * time.Hour
)

// anonymousMark begins the user id of a visitor who has not signed in.
const anonymousMark = "anon-"

// sessions implements graph.Sessions.
type sessions struct {
	*signer
	settings store.Settings
	keys     Keys
	admin    *admin
	proxies  proxies
	bonds    bonds
	checked  recent[bool] // proofs that held a moment ago
	forgot   atomic.Int64 // when ended sessions were last looked through, seconds since 1970
	clock    func() time.Time
}

var _ graph.Sessions = (*sessions)(nil)

// errNoCookies says that a response can no longer set a cookie.
var errNoCookies = fmt.Errorf("sign in and out by plain POST, not over a stream: %w", store.ErrConflict)

// jarKey is the context's key of the response that may set cookies.
type jarKey struct{}

// identify finds out who sends a request and tells the handlers below. Who
// proves nothing is a visitor and gets a session of their own.
func (s *sessions) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if bearer, ok := bearerOf(r.Header.Get("Authorization")); ok {
			// A token that proves nothing leaves no identity; whether it proves
			// something cannot be told while the store does not answer.
			i, err := s.Authenticate(ctx, bearer)
			if errors.Is(err, store.ErrUnavailable) {
				storeAway(w)
				return
			}
			i.Principal, i.Address = s.principal(r, i), s.proxies.address(r)
			next.ServeHTTP(w, r.WithContext(graph.WithIdentity(ctx, i)))
			return
		}
		i, known := s.fromCookies(r)
		if !known {
			s.setConsumer(w, r, &i, anonymousMark+uuid.NewString(), true)
		}
		if r.Method == http.MethodPost && !strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			ctx = context.WithValue(ctx, jarKey{}, &jar{w, r})
		}
		i.Principal, i.Address = s.principal(r, i), s.proxies.address(r)
		next.ServeHTTP(w, r.WithContext(graph.WithIdentity(ctx, i)))
	})
}

// bearerOf is the token of an Authorization header; false where that is of
// another scheme, whose name may be in any case.
func bearerOf(header string) (token string, ok bool) {
	scheme, token, ok := strings.Cut(header, " ")
	return token, ok && strings.EqualFold(scheme, "Bearer")
}

// principal names who is charged. Visitors are charged by address, since anyone
// can have as many visitor's sessions as they like.
func (s *sessions) principal(r *http.Request, i graph.Identity) string {
	switch {
	case i.Key != nil:
		return "key/" + i.Key.ID
	case i.Role == model.RoleAdmin:
		return i.Proofs[1]
	case i.UserID != "" && !i.Anonymous:
		return "user/" + i.UserID
	}
	return "address/" + s.proxies.address(r)
}

// jar is a response that may set cookies, with its request.
type jar struct {
	w http.ResponseWriter
	r *http.Request
}

// fromCookies reads both cookies; known tells whether there is a consumer.
func (s *sessions) fromCookies(r *http.Request) (i graph.Identity, known bool) {
	if cookie, err := r.Cookie(consumerCookie); err == nil {
		if c, err := s.verify(cookie.Value, audienceConsumer); err == nil && s.lasts(r.Context(), sessionProof(c)) {
			i, known = consumer(c), true
		}
	}
	if proof := s.adminProof(r); proof != "" {
		i.Role, i.Proofs[1] = model.RoleAdmin, proof
	}
	return i, known
}

// adminProof is the proof of the open studio session that a request carries;
// empty without one.
func (s *sessions) adminProof(r *http.Request) string {
	cookie, err := r.Cookie(adminCookie)
	if err != nil {
		return ""
	}
	c, err := s.verify(cookie.Value, audienceAdmin)
	if err != nil {
		return ""
	}
	if proof := sessionProof(c); s.lasts(r.Context(), proof) {
		return proof
	}
	return ""
}

func consumer(c claims) graph.Identity {
	return graph.Identity{Role: model.RoleConsumer, UserID: c.Subject, Anonymous: c.Anonymous, Since: c.IssuedAt.Time, Proofs: [2]string{sessionProof(c)}}
}

// setConsumer gives the browser a session for a user and enters it into i.
func (s *sessions) setConsumer(w http.ResponseWriter, r *http.Request, i *graph.Identity, userID string, anonymous bool) {
	valid := signedInFor
	if anonymous {
		valid = anonymousFor
	}
	c := newClaims(userID, anonymous, "")
	if !anonymous {
		c.ID = uuid.NewString()
	}
	token, expires, err := s.sign(c, audienceConsumer, valid)
	if err != nil { // HMAC of a marshalled struct does not fail
		panic(err)
	}
	setCookie(w, r, consumerCookie, token, expires)
	i.UserID, i.Anonymous, i.Since = userID, anonymous, s.clock().UTC()
	i.Proofs[0] = sessionProof(c)
	if i.Role == "" {
		i.Role = model.RoleConsumer
	}
}

func newClaims(subject string, anonymous bool, proof string) claims {
	return claims{RegisteredClaims: jwt.RegisteredClaims{Subject: subject}, Anonymous: anonymous, Proof: proof}
}

// setCookie sets a cookie that no script reads and no other site sends; an
// empty value deletes it.
func setCookie(w http.ResponseWriter, r *http.Request, name, value string, expires time.Time) {
	cookie := &http.Cookie{
		Name: name, Value: value, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(w, cookie)
}

// Authenticate checks an API key or a viewer token, with or without the scheme
// before it.
func (s *sessions) Authenticate(ctx context.Context, bearer string) (graph.Identity, error) {
	if token, ok := bearerOf(bearer); ok {
		bearer = token
	}
	if strings.HasPrefix(bearer, keyMark) {
		key, err := s.keys.check(ctx, bearer)
		if err != nil {
			return graph.Identity{}, err
		}
		return graph.Identity{Role: model.RoleServer, Key: &key, Principal: keyProof(key.ID), Proofs: [2]string{keyProof(key.ID)}}, nil
	}
	c, err := s.verify(bearer, audienceConsumer)
	if err != nil {
		return graph.Identity{}, err
	}
	i := consumer(c)
	i.Principal = "user/" + i.UserID
	return i, nil
}

// SignIn makes the browser speak for a user.
func (s *sessions) SignIn(ctx context.Context, userID string) (graph.Identity, error) {
	return s.change(ctx, func(j *jar, i *graph.Identity) error {
		s.setConsumer(j.w, j.r, i, userID, false)
		return nil
	})
}

// SignOut makes it an anonymous visitor's again.
func (s *sessions) SignOut(ctx context.Context) (graph.Identity, error) {
	return s.change(ctx, func(j *jar, i *graph.Identity) error {
		if err := s.end(ctx, i.Proofs[0], signedInFor); err != nil {
			return err
		}
		s.setConsumer(j.w, j.r, i, anonymousMark+uuid.NewString(), true)
		return nil
	})
}

// AdminSignIn opens the studio.
func (s *sessions) AdminSignIn(ctx context.Context, token string) (graph.Identity, error) {
	return s.change(ctx, func(j *jar, i *graph.Identity) error {
		proof, err := s.admin.check(ctx, i.Address, token)
		if err != nil {
			return err
		}
		c := newClaims("admin", false, proof)
		c.ID = uuid.NewString()
		session, expires, err := s.sign(c, audienceAdmin, adminFor)
		if err != nil {
			return err
		}
		setCookie(j.w, j.r, adminCookie, session, expires)
		i.Role, i.Proofs[1] = model.RoleAdmin, sessionProof(c)
		return nil
	})
}

// AdminSignOut closes it.
func (s *sessions) AdminSignOut(ctx context.Context) (graph.Identity, error) {
	return s.change(ctx, func(j *jar, i *graph.Identity) error {
		if err := s.end(ctx, i.Proofs[1], adminFor); err != nil {
			return err
		}
		setCookie(j.w, j.r, adminCookie, "", time.Unix(0, 0))
		i.Role, i.Proofs[1] = model.RoleConsumer, ""
		return nil
	})
}

// change applies a change of cookies to the response and to the identity.
func (s *sessions) change(ctx context.Context, apply func(*jar, *graph.Identity) error) (graph.Identity, error) {
	i := graph.IdentityOf(ctx)
	j, ok := ctx.Value(jarKey{}).(*jar)
	if !ok {
		return i, errNoCookies
	}
	return i, apply(j, &i)
}

// ViewerToken makes a token that speaks for a user.
func (s *sessions) ViewerToken(_ context.Context, userID string, valid time.Duration) (string, time.Time, error) {
	return s.sign(newClaims(userID, false, ""), audienceConsumer, valid)
}

// CreateKey makes an API key.
func (s *sessions) CreateKey(ctx context.Context, name string, scopes []model.Scope) (graph.Key, string, error) {
	return s.keys.Create(ctx, name, scopes)
}

// RevokeKey removes one.
func (s *sessions) RevokeKey(ctx context.Context, id string) (graph.Key, error) {
	key, err := s.keys.Revoke(ctx, id)
	if err == nil {
		s.bonds.end(keyProof(id))
	}
	return key, err
}

// Keys lists them.
func (s *sessions) Keys(ctx context.Context) ([]graph.Key, error) { return s.keys.List(ctx) }
