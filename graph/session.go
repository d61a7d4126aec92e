package graph

import (
	"context"
	"errors"
	"time"

	"valse/graph/model"
	"valse/store"
)

// Sessions turns proofs into identities and back. Those that sign in or out
// change the cookies of the HTTP response; over a transport that can set none
// they answer store.ErrConflict.
type Sessions interface {
	// Authenticate checks a bearer token: an API key or a viewer token.
	Authenticate(ctx context.Context, bearer string) (Identity, error)
	// Bind returns a context that ends, with cause ErrSessionEnded, when what
	// proved the context's identity does: by signing out, by revocation or
	// because another server did either. It counts as one open stream of the
	// identity until ctx ends; ErrTooManyStreams.
	Bind(ctx context.Context) (context.Context, error)
	// SignIn makes the browser speak for a user.
	SignIn(ctx context.Context, userID string) (Identity, error)
	// SignOut makes it an anonymous visitor's again.
	SignOut(ctx context.Context) (Identity, error)
	// AdminSignIn opens the studio. The error is a *SignInError when the
	// token is wrong or too many were.
	AdminSignIn(ctx context.Context, token string) (Identity, error)
	// AdminSignOut closes it.
	AdminSignOut(ctx context.Context) (Identity, error)
	// ViewerToken makes a token that speaks for a user until it expires.
	ViewerToken(ctx context.Context, userID string, valid time.Duration) (token string, expires time.Time, err error)

	// CreateKey makes an API key and returns its secret, which is not kept.
	CreateKey(ctx context.Context, name string, scopes []model.Scope) (Key, string, error)
	// RevokeKey removes a key and returns it. store.ErrNotFound.
	RevokeKey(ctx context.Context, id string) (Key, error)
	// Keys lists the keys, newest first.
	Keys(ctx context.Context) ([]Key, error)
}

var (
	// ErrSessionEnded is why a stream is closed whose session has ended.
	ErrSessionEnded = errors.New("the session has ended")
	// ErrTooManyStreams refuses a stream to who has many open.
	ErrTooManyStreams = errors.New("too many open streams")
)

// Key is an API key without its secret.
type Key struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Prefix    string    `json:"prefix"` // first characters of the secret
	CreatedAt time.Time `json:"createdAt"`
	// Scopes are what it may do.
	Scopes []model.Scope `json:"scopes"`
}

// SignInError says why nobody was signed in.
type SignInError struct {
	Reason string
	// Wait tells that no token is looked at for now.
	Wait bool
}

// Error is the reason.
func (e *SignInError) Error() string { return e.Reason }

// newKey shows a key.
func newKey(k Key) *model.APIKey {
	return &model.APIKey{
		ID: model.GlobalID(model.KindAPIKey, k.ID), KeyID: k.ID,
		Name: k.Name, Prefix: k.Prefix, CreatedAt: k.CreatedAt, Scopes: k.Scopes,
	}
}

// viewer shows an identity. A visitor of whom nothing is stored yet has been
// there since the session began.
func (r *Resolver) viewer(ctx context.Context, i Identity) (model.Viewer, error) {
	view := model.Viewer{Role: i.Role, IsAnonymous: i.Anonymous}
	if i.Role == "" {
		view.Role = model.RoleConsumer
	}
	if i.UserID == "" {
		return view, nil
	}
	user, err := loadersOf(ctx, r.Store).user(ctx, i.UserID)
	if err != nil {
		return view, err
	}
	if user == nil {
		user = &store.User{ID: i.UserID, CreatedAt: i.Since}
	}
	view.User = &model.User{User: *user}
	return view, nil
}

// signIn makes the browser speak for a user, to whom goes what it did as a
// visitor.
func (r *Resolver) signIn(ctx context.Context, userID string) (Identity, error) {
	visitor := IdentityOf(ctx)
	i, err := r.Sessions.SignIn(ctx, userID)
	if err == nil && visitor.Anonymous {
		_, err = store.Merge(ctx, r.Store, visitor.UserID, userID)
	}
	return i, err
}

// signedIn is the payload of mutations that change who the viewer is.
func (r *Resolver) signedIn(ctx context.Context, i Identity, err error) (*model.SignInPayload, error) {
	problems, err := userErrors(err)
	if err != nil {
		return nil, err
	}
	if problems != nil {
		i = IdentityOf(ctx)
	}
	view, err := r.viewer(ctx, i)
	return &model.SignInPayload{Viewer: view, UserErrors: problems}, err
}
