package graph

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"

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
	// KeyID names the API key of a server.
	KeyID string
}

var (
	errUnauthenticated = errors.New("sign in first")
	errForbidden       = errors.New("not allowed for this role")
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

// authDirective is @auth.
func authDirective(ctx context.Context, _ any, next graphql.Resolver, requires model.Role) (any, error) {
	if err := IdentityOf(ctx).require(requires); err != nil {
		return nil, err
	}
	return next(ctx)
}

// subject is the user that a call is about: the one named, or else the viewer.
func subject(ctx context.Context, argument *string) (string, error) {
	i := IdentityOf(ctx)
	if argument == nil {
		if i.UserID == "" {
			return "", &store.Invalid{Field: "userId", Want: "given: the request speaks for no user"}
		}
		return i.UserID, nil
	}
	id := model.LocalID(model.KindUser, *argument)
	return id, i.speakFor(id)
}
