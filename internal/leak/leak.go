// Package leak is for the tests of packages that start goroutines: they fail when
// one is left behind.
package leak

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// patience is how long a slow machine may take to end what a test has closed.
// goleak itself looks for less than half a second.
const patience = time.Minute

// Main runs the tests of a package, for its TestMain, and ends the process. It
// fails when they pass and a goroutine is left behind that does not end soon, but
// for those that leave says nothing of.
func Main(m *testing.M, leave ...goleak.Option) {
	goleak.VerifyTestMain(patient{m, leave, patience}, leave...)
}

// patient are tests after which goroutines have a while to end.
type patient struct {
	goleak.TestingM
	leave    []goleak.Option
	patience time.Duration
}

// Run runs the tests and waits.
func (p patient) Run() int {
	code := p.TestingM.Run()
	for end := time.Now().Add(p.patience); code == 0 && time.Now().Before(end) && goleak.Find(p.leave...) != nil; {
	}
	return code
}
