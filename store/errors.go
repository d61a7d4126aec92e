package store

import (
	"errors"
	"fmt"
)

// Sentinels that implementations translate their library's errors into.
// Callers test them with errors.Is.
var (
	// ErrNotFound says that the named thing is not there.
	ErrNotFound = errors.New("not found")
	// ErrConflict says that the thing exists already with other contents, or
	// is not in the state the call asks for.
	ErrConflict = errors.New("conflict")
	// ErrInvalid says that an argument is not acceptable; see [Invalid].
	ErrInvalid = errors.New("invalid")
	// ErrFenced says that the lease was lost to a younger holder meanwhile.
	ErrFenced = errors.New("fenced: the lease has a younger holder")
	// ErrHeld says that another owner holds the lease now.
	ErrHeld = errors.New("the lease is held by another owner")
	// ErrErased says that the user was erased and late events are refused.
	ErrErased = errors.New("the user was erased")
	// ErrRestarted says that the server behind a store started anew and may
	// have lost what it had acknowledged: nothing was done.
	ErrRestarted = errors.New("the server has restarted and may have lost data")
	// ErrUnavailable says that the server behind a store does not answer, or that
	// its journal cannot be written.
	ErrUnavailable = errors.New("the store does not answer")
)

// Invalid is an [ErrInvalid] that names the field, the value and what would be
// right.
type Invalid struct {
	Field string // path of the field, like "interactions[3].value"
	Value string // the refused value as text; may be empty
	Want  string // what would be right, like "a number between 0.5 and 5"
}

// Error reads like `value: "7" is not a number between 0.5 and 5`, or without
// a value `userId: not given`.
func (e *Invalid) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: not %s", e.Field, e.Want)
	}
	return fmt.Sprintf("%s: %q is not %s", e.Field, e.Value, e.Want)
}

// Is makes errors.Is(err, ErrInvalid) hold.
func (e *Invalid) Is(target error) bool { return target == ErrInvalid }
