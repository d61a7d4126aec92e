package journal

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"

	"valse/internal/disk/crashfs"
	"valse/internal/trial"
)

// mustOpenLog opens the log of a test.
func mustOpenLog(t testing.TB, files *crashfs.FS) *log {
	t.Helper()
	if err := files.Mkdir("/j"); err != nil && !strings.Contains(err.Error(), "exist") {
		t.Fatal(err)
	}
	l, err := openLog(files, "/j")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// contents lists the payloads of a log and fails where they are out of order.
func contents(t testing.TB, l *log) []string {
	t.Helper()
	var found []string
	last := uint64(0)
	err := l.read(0, func(number uint64, payload []byte) error {
		if number <= last {
			t.Errorf("frame %d follows %d", number, last)
		}
		last = number
		found = append(found, string(payload))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// payloadOf is the nth payload of a test.
func payloadOf(n int) string { return fmt.Sprintf("%d %s", n, strings.Repeat("x", n%37)) }

// TestAPowerCutAfterAnyCallLosesAndTearsNothing takes a crash state after every
// call to the file system, opens it and compares with what was acknowledged.
func TestAPowerCutAfterAnyCallLosesAndTearsNothing(t *testing.T) {
	random := trial.Rand(t)
	states := 0
	for states < trial.Rounds(400, 10_000) {
		n, fault := powerCuts(t, random, nil)
		if fault != "" {
			t.Fatal(fault)
		}
		states += n
	}
	t.Logf("%d crash states, 0 torn, 0 lost", states)
}

func TestAJournalThatLeavesOutASyncIsCaught(t *testing.T) {
	random := trial.Rand(t)
	for _, op := range []string{"sync", "syncdir"} {
		skip := func(done, _ string) bool { return done == op }
		caught := false
		for range 50 {
			_, fault := powerCuts(t, random, skip)
			caught = caught || fault != ""
		}
		if !caught {
			t.Errorf("without any %s, no power cut lost anything: the trial shows nothing", op)
		}
	}
}

// powerCuts runs one history of a log and cuts the power after each call of it.
func powerCuts(t *testing.T, random *rand.Rand, skip func(op, name string) bool) (states int, fault string) {
	files := &crashfs.FS{}
	files.Mkdir("/j")
	files.SyncDir("/")
	files.SkipSync = skip
	acknowledged, trimmed := 0, 0
	files.After = func(op, name string) {
		states++
		l, err := openLog(files.Crash(random), "/j")
		if err != nil {
			fault = fmt.Sprintf("after %s %s: %v", op, name, err)
			return
		}
		if len(l.damage) > 0 {
			fault = fmt.Sprintf("after %s %s: %v", op, name, l.damage)
		}
		held := map[string]bool{}
		for _, payload := range contents(t, l) {
			held[payload] = true
		}
		for n := trimmed; n < acknowledged; n++ {
			if !held[payloadOf(n)] {
				fault = fmt.Sprintf("after %s %s: payload %d of %d is lost", op, name, n, acknowledged)
			}
		}
		for payload := range held {
			var n int
			if fmt.Sscan(payload, &n); payload != payloadOf(n) || n > acknowledged {
				fault = fmt.Sprintf("after %s %s: %q is torn", op, name, payload)
			}
		}
	}
	l, err := openLog(files, "/j")
	if err != nil {
		t.Fatal(err)
	}
	for range 12 {
		switch random.IntN(8) {
		case 0:
			if err := l.close(); err != nil {
				t.Fatal(err)
			}
		case 1:
			trimmed = acknowledged // may go from now on
			if err := l.trim(l.end()); err != nil {
				t.Fatal(err)
			}
		case 2:
			same := func(payload []byte) ([]byte, bool, error) { return payload, random.IntN(2) == 0, nil }
			if err := l.rewrite(same); err != nil {
				t.Fatal(err)
			}
		default:
			if _, err := l.append([]byte(payloadOf(acknowledged))); err != nil {
				t.Fatal(err)
			}
			acknowledged++
		}
	}
	return states, fault
}

// TestTheNthCallThatFailsIsReportedAndHarmsNothing fails one call after the
// other, until none is left to fail.
func TestTheNthCallThatFailsIsReportedAndHarmsNothing(t *testing.T) {
	failures := 0
	for _, failure := range []error{syscall.EIO, syscall.ENOSPC} {
		for n := 1; ; n++ {
			files := &crashfs.FS{}
			calls, failed := 0, false
			l := mustOpenLog(t, files)
			files.Fault = func(op, name string) error {
				if calls++; calls == n {
					failed = true
					return failure
				}
				return nil
			}
			var acknowledged []string
			reported := 0
			do := func(err error) bool {
				if err != nil {
					reported++
				}
				return err == nil
			}
			for i := range 6 {
				if _, err := l.append([]byte(payloadOf(i))); do(err) {
					acknowledged = append(acknowledged, payloadOf(i))
				}
				if i == 3 {
					do(l.close())
				}
			}
			do(l.rewrite(func(p []byte) ([]byte, bool, error) { return p, true, nil }))
			files.Fault = nil
			got := contents(t, mustOpenLog(t, files))
			for _, want := range acknowledged {
				if !strings.Contains(strings.Join(got, "\n"), want) {
					t.Errorf("%v at call %d: %q is lost, the log holds %q", failure, n, want, got)
				}
			}
			if !failed {
				break
			}
			failures++
			// What is tidied up after the work is done need not be reported.
			if reported == 0 && len(acknowledged) < 6 {
				t.Errorf("%v at call %d was not reported", failure, n)
			}
		}
	}
	t.Logf("%d failed calls, none lost what was acknowledged", failures)
}

// TestEveryFlippedBitIsFound changes one bit of a sealed segment at a time.
func TestEveryFlippedBitIsFound(t *testing.T) {
	random := trial.Rand(t)
	rounds := trial.Rounds(300, 2000)
	for range rounds {
		files := &crashfs.FS{}
		l := mustOpenLog(t, files)
		for n := range 5 {
			if _, err := l.append([]byte(payloadOf(n))); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.close(); err != nil {
			t.Fatal(err)
		}
		bit := random.IntN(int(l.segments[0].size) * 8)
		if err := files.Flip("/j/"+l.segments[0].name, bit); err != nil {
			t.Fatal(err)
		}
		again := mustOpenLog(t, files)
		got := contents(t, again)
		for _, payload := range got {
			var n int
			if fmt.Sscan(payload, &n); payload != payloadOf(n) {
				t.Fatalf("bit %d: read %q", bit, payload)
			}
		}
		if len(got) < 5 && len(again.damage) == 0 {
			t.Fatalf("bit %d: %d of 5 frames are gone without a word", bit, 5-len(got))
		}
	}
	t.Logf("%d flipped bits, every loss named", rounds)
}

// FuzzParse reads anything as a segment.
func FuzzParse(f *testing.F) {
	whole := header()
	for n := range uint64(3) {
		whole = appendFrame(whole, n+1, []byte(payloadOf(int(n))))
	}
	f.Add(whole)
	f.Add(appendFrame(whole, 3, nil))
	f.Add(whole[:len(whole)-3])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		frames, _, _ := parse(data)
		size := 0
		for _, frame := range frames {
			size += len(frame.payload) + headSize
		}
		if size > len(data) {
			t.Errorf("%d bytes of frames out of %d", size, len(data))
		}
	})
}
