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
	k := newKept(3 * bytes)
	first := k.of(st.recommender, "u0", history)
	for u := range 10 {
		k.of(st.recommender, fmt.Sprintf("u%d", u), history)
		if got := k.of(st.recommender, "u0", history); got != first {
			t.Fatalf("after user %d what was just used is gone", u)
		}
	}
	for u := 1; u < 10; u++ {
		if _, there := k.byUser.Get(fmt.Sprintf("u%d", u)); there != (u >= 8) {
			t.Errorf("user %d of 10 is kept: %v, with room for the first and the last two", u, there)
		}
	}
	if k.of(st.recommender, "short", history[:3]) != nil || k.of(st.recommender, "", history) != nil {
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
