package leak

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain looks for leaks of the tests that look for leaks.
func TestMain(m *testing.M) { Main(m) }

// leaving are tests that pass and leave a goroutine behind until it is ended.
type leaving struct{ ended chan struct{} }

func (l leaving) Run() int {
	go func() { <-l.ended }()
	return 0
}

func TestAGoroutineThatEndsLateIsNoLeak(t *testing.T) {
	late := leaving{make(chan struct{})}
	time.AfterFunc(time.Second, func() { close(late.ended) })
	current := []goleak.Option{goleak.IgnoreCurrent()}
	patient{late, current, patience}.Run()
	if err := goleak.Find(current...); err != nil {
		t.Errorf("it was not waited for: %v", err)
	}
}

func TestAGoroutineThatStaysIsALeak(t *testing.T) {
	stays := leaving{make(chan struct{})}
	defer close(stays.ended)
	current := []goleak.Option{goleak.IgnoreCurrent()}
	patient{stays, current, time.Millisecond}.Run()
	if goleak.Find(current...) == nil {
		t.Error("it is taken for none")
	}
}
