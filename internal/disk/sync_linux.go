package disk

import (
	"fmt"
	"os"
	"syscall"
)

// Sync makes what was written durable, and of the file's attributes only what
// it takes to read that again (fdatasync).
func (f osFile) Sync() error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var synced error
	err = raw.Control(func(fd uintptr) {
		for synced = syscall.EINTR; synced == syscall.EINTR; {
			synced = syscall.Fdatasync(int(fd))
		}
	})
	if err == nil && synced != nil {
		err = fmt.Errorf("sync %s: %w", f.Name(), os.NewSyscallError("fdatasync", synced))
	}
	return err
}
