package graph

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valse/graph/model"
	"valse/store"
)

// Codes that extensions.code of an error may have, besides the generator's own
// (GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED, PERSISTED_QUERY_NOT_FOUND).
const (
	codePersistedNotFound = "PERSISTED_QUERY_NOT_FOUND"

	codeBadRequest      = "BAD_REQUEST"  // not a request of the protocol
	codeRateLimited     = "RATE_LIMITED" // the caller's points are used up for now
	codeTooLarge        = "TOO_LARGE"    // beyond a limit of the guard
	codeTooComplex      = "COMPLEXITY_LIMIT_EXCEEDED"
	codeUnauthenticated = "UNAUTHENTICATED" // no identity
	codeForbidden       = "FORBIDDEN"       // not for this role, scope or user
	codeInvalid         = "INVALID"         // an argument; extensions name field, value and what is wanted
	codeNotFound        = "NOT_FOUND"
	codeConflict        = "CONFLICT"
	codeErased          = "ERASED"
	codeUnavailable     = "UNAVAILABLE" // the store does not answer; try again soon
	codeTimeout         = "TIMEOUT"     // the operation took too long
	codeCancelled       = "CANCELLED"   // the caller went away
	codeInternal        = "INTERNAL"    // extensions.id finds it in the log
)

// codes maps what packages below publish to codes, first match.
var codes = []struct {
	err  error
	code string
}{
	{errUnauthenticated, codeUnauthenticated},
	{errForbidden, codeForbidden},
	{errScope, codeForbidden},
	{store.ErrInvalid, codeInvalid},
	{store.ErrUnavailable, codeUnavailable},
	{store.ErrNotFound, codeNotFound},
	{store.ErrErased, codeErased},
	{store.ErrConflict, codeConflict},
	{store.ErrHeld, codeConflict},
	{store.ErrFenced, codeConflict},
	{context.DeadlineExceeded, codeTimeout},
	{context.Canceled, codeCancelled},
	{strconv.ErrRange, codeInvalid},
	{strconv.ErrSyntax, codeInvalid},
}

// codeOf is the code of an error, or codeInternal.
func codeOf(err error) string {
	var refused *SignInError
	if errors.As(err, &refused) {
		return codeInvalid
	}
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return codeInternal
}

// fault is a panic with its stack, on the way to the presenter.
type fault struct {
	value any
	stack []byte
}

func (f *fault) Error() string { return fmt.Sprintf("panic: %v\n%s", f.value, f.stack) }

func recoverFault(_ context.Context, value any) error { return &fault{value, debug.Stack()} }

// presenter turns an error into what the caller sees: a stable code, and of
// what is unknown only an id under which it is logged in full.
func presenter(logger *slog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		e := graphql.DefaultErrorPresenter(ctx, err)
		if _, coded := e.Extensions["code"]; coded {
			return e
		}
		if e.Err == nil { // the protocol's own
			e.Extensions = map[string]any{"code": codeBadRequest}
			return e
		}
		code := codeOf(e.Err)
		shown := &gqlerror.Error{Message: e.Err.Error(), Path: e.Path, Locations: e.Locations, Extensions: map[string]any{"code": code}}
		var invalid *store.Invalid
		if errors.As(e.Err, &invalid) {
			shown.Extensions["field"], shown.Extensions["value"], shown.Extensions["want"] = invalid.Field, invalid.Value, invalid.Want
		}
		if code == codeInternal {
			id := uuid.NewString()
			logger.ErrorContext(ctx, "answered INTERNAL", "id", id, "path", e.Path.String(), "error", e.Err)
			shown.Message = "internal error, logged as " + id
			shown.Extensions["id"] = id
		}
		return shown
	}
}

// userErrors turns what the caller can put right into a payload's userErrors.
// The list is nil when err is nil; any other error comes back.
func userErrors(err error) ([]model.UserError, error) {
	if err == nil {
		return nil, nil
	}
	e := model.UserError{Message: err.Error()}
	switch codeOf(err) {
	case codeInvalid:
		e.Code = model.UserErrorCodeInvalid
	case codeNotFound:
		e.Code = model.UserErrorCodeNotFound
	case codeConflict:
		e.Code = model.UserErrorCodeConflict
	case codeErased:
		e.Code = model.UserErrorCodeErased
	default:
		return nil, err
	}
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		e.Field = fieldPath(invalid.Field)
	}
	return []model.UserError{e}, nil
}

// fieldPath takes "interactions[3].value" apart.
func fieldPath(field string) []string {
	return strings.FieldsFunc(field, func(r rune) bool { return strings.ContainsRune(".[]", r) })
}
