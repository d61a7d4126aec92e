package live

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"valse/engine"
	"valse/store"
)

func TestWhatIsKeptOfUsersIsBoundedAndTheLatestStay(t *testing.T) {
	s := open(t, 40, Options{}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	st, err := s.current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	history := make([]store.Interaction, 20)
	bytes, worth := st.recommender.WorthKeeping(len(history))
	if !worth {
		t.Fatal("a history of 20 products is not worth keeping at rank 4")
	}
	s.kept.room = 3 * bytes
	first := s.kept.of(st.recommender, "u0", history)
	for u := range 10 {
		s.kept.of(st.recommender, fmt.Sprintf("u%d", u), history)
		if got := s.kept.of(st.recommender, "u0", history); got != first {
			t.Fatalf("after user %d what was just used is gone", u)
		}
	}
	if n := s.kept.latest.Len(); n != 3 || len(s.kept.byUser) != 3 {
		t.Errorf("%d users are kept, want the 3 that there is room for", n)
	}
	if s.kept.of(st.recommender, "short", history[:3]) != nil || s.kept.of(st.recommender, "", history) != nil {
		t.Error("something is kept of a short history, or of nobody")
	}
}

func TestLeavingEventsOutForOnceChangesNoLaterList(t *testing.T) {
	s := open(t, 40, Options{}, tastes(30, 40)...)
	s.publish("m1")
	eventually(t, "the model", func() bool { return s.Status().ModelID == "m1" })
	page, err := s.st.History(t.Context(), "u1", store.HistoryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	q := Request{N: 10, IncludeSeen: true}
	want := s.recommend("u1", q)
	undone := q
	for _, i := range page.Interactions[1:] {
		undone.Without = append(undone.Without, i.EventID)
	}
	less := s.recommend("u1", undone)
	if cmp.Equal(want.Items, less.Items) || less.Source != engine.SourceLive {
		t.Errorf("without all but one event the list is %+v", less)
	}
	approximately := cmpopts.EquateApprox(1e-3, 1e-5)
	if diff := cmp.Diff(want.Items, s.recommend("u1", q).Items, approximately); diff != "" {
		t.Errorf("the list after an undo for once (-before +after):\n%s", diff)
	}
}
