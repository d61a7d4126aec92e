package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"valse/store"
)

var runChecks = []check{
	{"a run is queued as created, once", runCreate},
	{"the oldest queued run of the asked kinds is claimed", runClaim},
	{"each queued run is claimed by one of many", runClaimRace},
	{"an update replaces a running run and may end it", runUpdate},
	{"an update by another owner or after the end is a conflict", runUpdateConflict},
	{"cancelling ends a queued run and asks a running one", runCancel},
	{"a run without a heartbeat fails", runStale},
	{"runs are listed newest first by kind, page by page", runList},
}

// queued is a run as callers create it, minutes after noon.
func queued(id string, kind store.RunKind, minutes int) store.Run {
	return store.Run{
		ID: id, Kind: kind, State: store.Queued, Title: "Title of " + id,
		Input: json.RawMessage(`{"rank":64}`), CreatedAt: noon.Add(time.Duration(minutes) * time.Minute),
	}
}

func (u *subject) createRuns(runs ...store.Run) {
	u.t.Helper()
	for _, r := range runs {
		u.ok("CreateRun", u.s.CreateRun(u.ctx, r))
	}
}

func (u *subject) run(id string) store.Run {
	u.t.Helper()
	r, err := u.s.Run(u.ctx, id)
	u.ok("Run", err)
	return r
}

func (u *subject) claim(owner string, minutes int, kinds ...store.RunKind) store.Run {
	u.t.Helper()
	r, err := u.s.ClaimRun(u.ctx, owner, kinds, noon.Add(time.Duration(minutes)*time.Minute))
	u.ok("ClaimRun", err)
	return r
}

func (u *subject) wantNoClaim(kinds ...store.RunKind) {
	u.t.Helper()
	_, err := u.s.ClaimRun(u.ctx, "owner", kinds, noon)
	u.fails(fmt.Sprintf("ClaimRun(%v)", kinds), err, store.ErrNotFound)
}

func runCreate(u *subject) {
	want := queued("r", store.RunTrain, 0)
	u.createRuns(want)
	same(u, "run", u.run("r"), want)
	u.fails("CreateRun again", u.s.CreateRun(u.ctx, queued("r", store.RunImport, 1)), store.ErrConflict)
	same(u, "run", u.run("r"), want)
	_, err := u.s.Run(u.ctx, "nobody")
	u.fails("Run(nobody)", err, store.ErrNotFound)
}

func runClaim(u *subject) {
	u.wantNoClaim(store.RunTrain)
	u.createRuns(queued("late", store.RunTrain, 3), queued("early", store.RunTrain, 1), queued("import", store.RunImport, 0))
	got := u.claim("a", 10, store.RunTrain, store.RunPublish)
	want := queued("early", store.RunTrain, 1)
	want.State, want.Owner = store.Running, "a"
	want.StartedAt, want.Heartbeat = noon.Add(10*time.Minute), noon.Add(10*time.Minute)
	same(u, "claimed run", got, want)
	same(u, "stored run", u.run("early"), want)
	same(u, "next claim", u.claim("b", 11, store.RunTrain, store.RunImport).ID, "import")
	same(u, "last claim", u.claim("b", 11, store.RunTrain, store.RunImport).ID, "late")
	u.wantNoClaim(store.RunTrain, store.RunImport)
}

func runClaimRace(u *subject) {
	const runs = 12
	for n := range runs {
		u.createRuns(queued(fmt.Sprintf("r%02d", n), store.RunTrain, n))
	}
	second := u.open("main")
	claimed := make(chan string, runs)
	var all sync.WaitGroup
	for n := range runs {
		s := []store.Store{u.s, second.s}[n%2]
		all.Go(func() {
			r, err := s.ClaimRun(u.ctx, fmt.Sprintf("owner %d", n), []store.RunKind{store.RunTrain}, noon)
			if err != nil {
				u.t.Errorf("ClaimRun: %v", err)
			}
			claimed <- r.ID
		})
	}
	all.Wait()
	close(claimed)
	seen := map[string]bool{}
	for id := range claimed {
		seen[id] = true
	}
	same(u, "different runs claimed", len(seen), runs)
}

func runUpdate(u *subject) {
	u.createRuns(queued("r", store.RunTrain, 0))
	r := u.claim("a", 1, store.RunTrain)
	r.Progress, r.Message, r.Heartbeat = 0.5, "sweep 6 of 12", noon.Add(2*time.Minute)
	r.Points = []store.RunPoint{{Step: 1, Loss: 9.5}, {Step: 2, Series: "rank=64", Loss: 1.0 / 3, Metric: 0.86}}
	r.Output = json.RawMessage(`{"model":"m1"}`)
	got, err := u.s.UpdateRun(u.ctx, r)
	u.ok("UpdateRun", err)
	same(u, "updated run", got, r)
	same(u, "stored run", u.run("r"), r)
	r.State, r.EndedAt, r.Progress = store.Succeeded, noon.Add(3*time.Minute), 1
	_, err = u.s.UpdateRun(u.ctx, r)
	u.ok("UpdateRun to its end", err)
	same(u, "ended run", u.run("r"), r)
	_, err = u.s.UpdateRun(u.ctx, queued("nobody", store.RunTrain, 0))
	u.fails("UpdateRun(nobody)", err, store.ErrNotFound)
}

func runUpdateConflict(u *subject) {
	u.createRuns(queued("waits", store.RunImport, 0), queued("r", store.RunTrain, 0))
	waits := u.run("waits")
	_, err := u.s.UpdateRun(u.ctx, waits)
	u.fails("UpdateRun of a queued run", err, store.ErrConflict)
	r := u.claim("a", 1, store.RunTrain)
	foreign := r
	foreign.Owner, foreign.Message = "b", "mine now"
	_, err = u.s.UpdateRun(u.ctx, foreign)
	u.fails("UpdateRun by another owner", err, store.ErrConflict)
	same(u, "run", u.run("r"), r)
	r.State, r.EndedAt = store.Failed, noon.Add(time.Hour)
	r.Error = "out of memory"
	_, err = u.s.UpdateRun(u.ctx, r)
	u.ok("UpdateRun", err)
	late := r
	late.State, late.Error = store.Running, ""
	_, err = u.s.UpdateRun(u.ctx, late)
	u.fails("UpdateRun after the end", err, store.ErrConflict)
	same(u, "run", u.run("r"), r)
}

func runCancel(u *subject) {
	u.createRuns(queued("waits", store.RunTrain, 1), queued("runs", store.RunTrain, 0))
	r := u.claim("a", 2, store.RunTrain)
	at := noon.Add(5 * time.Minute)
	ended, err := u.s.RequestCancel(u.ctx, "waits", at)
	u.ok("RequestCancel of a queued run", err)
	if ended.State != store.Cancelled || !ended.EndedAt.Equal(at) {
		u.t.Errorf("cancelled run = %+v, want ended at %v", ended, at)
	}
	same(u, "stored run", u.run("waits"), ended)
	u.wantNoClaim(store.RunTrain)
	asked, err := u.s.RequestCancel(u.ctx, "runs", at)
	u.ok("RequestCancel of a running run", err)
	if asked.State != store.Running || !asked.CancelRequested {
		u.t.Errorf("running run asked to stop = %+v", asked)
	}
	r.Message = "does not know yet"
	got, err := u.s.UpdateRun(u.ctx, r)
	u.ok("UpdateRun", err)
	if !got.CancelRequested || got.Message != r.Message || !u.run("runs").CancelRequested {
		u.t.Errorf("UpdateRun = %+v, want the request kept", got)
	}
	got.State, got.EndedAt = store.Cancelled, at
	_, err = u.s.UpdateRun(u.ctx, got)
	u.ok("UpdateRun to cancelled", err)
	for _, id := range []string{"waits", "runs"} {
		_, err = u.s.RequestCancel(u.ctx, id, at)
		u.fails("RequestCancel after the end", err, store.ErrConflict)
	}
	_, err = u.s.RequestCancel(u.ctx, "nobody", at)
	u.fails("RequestCancel(nobody)", err, store.ErrNotFound)
}

func runStale(u *subject) {
	u.createRuns(queued("dead", store.RunTrain, 0), queued("lives", store.RunTrain, 1), queued("done", store.RunTrain, 2), queued("waits", store.RunTrain, 3))
	dead := u.claim("a", 10, store.RunTrain)
	u.claim("b", 20, store.RunTrain)
	done := u.claim("c", 10, store.RunTrain)
	done.State, done.EndedAt = store.Succeeded, noon
	_, err := u.s.UpdateRun(u.ctx, done)
	u.ok("UpdateRun", err)
	failed, err := u.s.FailStale(u.ctx, noon.Add(15*time.Minute))
	u.ok("FailStale", err)
	same(u, "failed runs", pluck(failed, runID), []string{"dead"})
	if r := u.run("dead"); r.State != store.Failed || r.Error == "" || r.EndedAt.IsZero() {
		u.t.Errorf("stale run = %+v, want failed, why and when", r)
	}
	same(u, "states", []store.RunState{u.run("lives").State, u.run("done").State, u.run("waits").State}, []store.RunState{store.Running, store.Succeeded, store.Queued})
	_, err = u.s.UpdateRun(u.ctx, dead)
	u.fails("UpdateRun of a run that was failed", err, store.ErrConflict)
	failed, err = u.s.FailStale(u.ctx, noon.Add(15*time.Minute))
	u.ok("FailStale again", err)
	same(u, "failed runs", failed, nil)
}

func runList(u *subject) {
	var want, trains []string
	for n := range 25 {
		kind := []store.RunKind{store.RunTrain, store.RunImport, store.RunEvaluate}[n%3]
		id := fmt.Sprintf("r%02d", n*7%25)
		u.createRuns(queued(id, kind, n))
		want = append([]string{id}, want...)
		if kind == store.RunTrain {
			trains = append([]string{id}, trains...)
		}
	}
	u.claim("a", 1, store.RunTrain) // a run keeps its place whatever becomes of it
	walk := func(kind store.RunKind, limit int) []string {
		var ids []string
		after := ""
		for {
			page, err := u.s.RunList(u.ctx, kind, after, limit)
			u.ok("RunList", err)
			if len(page) == 0 || len(page) > limit || len(ids) > 25 {
				return ids
			}
			ids = append(ids, pluck(page, runID)...)
			after = page[len(page)-1].ID
		}
	}
	for _, limit := range []int{1, 4, 25, 100} {
		same(u, "all runs", walk("", limit), want)
		same(u, "trainings", walk(store.RunTrain, limit), trains)
		same(u, "publications", walk(store.RunPublish, limit), nil)
	}
	u.createRuns(queued("s1", store.RunPublish, 99), queued("s2", store.RunPublish, 99), queued("s3", store.RunPublish, 99))
	few, err := u.s.RunList(u.ctx, "", "", 0)
	u.ok("RunList", err)
	same(u, "runs without a limit", len(few), 20)
	_, err = u.s.RunList(u.ctx, "", "none", 5)
	u.fails("RunList after a run that is not there", err, store.ErrNotFound)
	for _, limit := range []int{-1, store.MaxPage + 1} {
		_, err = u.s.RunList(u.ctx, "", "", limit)
		u.fails(fmt.Sprintf("RunList of %d", limit), err, store.ErrInvalid)
	}
	same(u, "runs of one instant", sortedBy(walk(store.RunPublish, 1), func(s string) string { return s }), []string{"s1", "s2", "s3"})
}
