package engine

import (
	"errors"
	"fmt"
)

// ErrNoData says that there is nothing to train or measure on. The error that
// wraps it names what is missing.
var ErrNoData = errors.New("no data")

// noData is an ErrNoData in one sentence.
type noData struct{ message string }

func (e *noData) Error() string        { return e.message }
func (e *noData) Is(target error) bool { return target == ErrNoData }

func noDataf(format string, args ...any) error {
	return &noData{message: fmt.Sprintf(format, args...)}
}

// thousands writes 1234567 as 1,234,567.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
