//go:build !unix

package disk

import (
	"errors"
	"os"
)

// ErrLocked says that another process holds the lock.
var ErrLocked = errors.New("locked by another process")

// Lock opens a folder's lock file. Here nothing keeps two processes apart: who
// runs two gives each a folder of its own.
func Lock(folder string) (*os.File, error) {
	return os.OpenFile(folder+"/lock", os.O_RDWR|os.O_CREATE, 0o644)
}
