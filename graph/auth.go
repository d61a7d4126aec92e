package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"valse/graph/model"
	"valse/store"
)

// Identity is who sends a request. The zero value may only use what needs no
// role.
type Identity struct {
	Role model.Role
	// UserID is on whose behalf the request speaks; empty for servers and for
	// admins who have not opened the shop.
	UserID string
	// Anonymous tells that the user is a visitor who has not signed in.
	Anonymous bool
	// Since is when the visitor's session began.
	Since time.Time
	// Principal is who is charged and counted: a key, a signed-in user, an
	// admin, or the address that a visitor comes from.
	Principal string
	// Address is where the request came from.
	Address string
	// Proofs name what the request was proved by, one session or key each:
	// when one of them ends, so do the streams it opened. Unused ones are empty.
	Proofs [2]string
	// Key is the API key of a server; nil for browsers.
	Key *Key
}

var (
	errUnauthenticated = errors.New("the token is not valid here: unknown, revoked or expired")
	errForbidden       = errors.New("not allowed for this role")
	errScope           = errors.New("the API key lacks the scope")
)

// require refuses a lesser role.
func (i Identity) require(role model.Role) error {
	switch {
	case i.Role == "":
		return errUnauthenticated
	case !i.Role.Includes(role):
		return errForbidden
	}
	return nil
}

// may refuses an API key that was made without the scope.
func (i Identity) may(scope model.Scope) error {
	if i.Key != nil && !slices.Contains(i.Key.Scopes, scope) {
		return fmt.Errorf("%w %s", errScope, scope)
	}
	return nil
}

// speakFor refuses a consumer who names someone else.
func (i Identity) speakFor(userID string) error {
	if err := i.require(model.RoleConsumer); err != nil {
		return err
	}
	if userID != i.UserID {
		return i.require(model.RoleServer)
	}
	return nil
}

type identityKey struct{}

// WithIdentity returns a context whose requests come from i.
func WithIdentity(ctx context.Context, i Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, i)
}

// IdentityOf returns who sends the request; the zero Identity when nobody said.
func IdentityOf(ctx context.Context) Identity {
	i, _ := ctx.Value(identityKey{}).(Identity)
	return i
}

// noViewer is what is wanted where a call names no user and nobody has signed in.
const noViewer = "given: the request speaks for no user"

// subject is the user that a call is about: the one named, or else the viewer.
func subject(ctx context.Context, argument *string) (string, error) {
	i := IdentityOf(ctx)
	if argument == nil {
		if i.UserID == "" {
			return "", &store.Invalid{Field: "userId", Want: noViewer}
		}
		return i.UserID, nil
	}
	id := model.LocalID(model.KindUser, *argument)
	return id, i.speakFor(id)
}
