package storetest

import (
	"fmt"
	"time"

	"valse/store"
)

var actionChecks = []check{
	{"actions are listed newest first, page by page, as they were recorded", actionPages},
	{"a page after what is no action is refused", actionCursor},
}

func actionPages(u *subject) {
	for n := range 7 {
		u.ok("RecordAction", u.s.RecordAction(u.ctx, store.Action{
			Time: time.Date(2026, 1, 1+n, 0, 0, 0, 0, time.UTC), Actor: "studio", Address: "203.0.113.9",
			Name: fmt.Sprintf("action %d", n), Detail: "{\"id\":\"\\u00fc\"}\r\n\x00", Outcome: "done",
		}))
	}
	u.ok("RecordAction", u.s.RecordAction(u.ctx, store.Action{Name: "action 7"}))
	var names []string
	before := ""
	for {
		page, err := u.s.ActionList(u.ctx, before, 3)
		u.ok("ActionList", err)
		if len(page) == 0 {
			break
		}
		for _, a := range page {
			names = append(names, a.Name)
			before = a.ID
			if a.Name == "action 3" {
				a.ID = ""
				same(u, "an action", a, store.Action{
					Time: time.Date(2026, 1, 4, 0, 0, 0, 0, time.UTC), Actor: "studio", Address: "203.0.113.9",
					Name: "action 3", Detail: "{\"id\":\"\\u00fc\"}\r\n\x00", Outcome: "done",
				})
			}
			if a.Time.IsZero() {
				u.t.Errorf("%s has no time", a.Name)
			}
		}
	}
	none, err := u.s.ActionList(u.ctx, "", -1)
	u.ok("ActionList", err)
	same(u, "actions of no page", len(none), 0)
	same(u, "names", names, []string{"action 7", "action 6", "action 5", "action 4", "action 3", "action 2", "action 1", "action 0"})
}

func actionCursor(u *subject) {
	_, err := u.s.ActionList(u.ctx, "nonsense", 3)
	u.fails("ActionList", err, store.ErrInvalid)
}
