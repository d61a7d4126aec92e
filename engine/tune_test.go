package engine

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"valse/engine/eval"
	"valse/store"
)

func TestTuneKeepsTheBestModelOfItsLeaderboard(t *testing.T) {
	events := eventsOf(checkerboard(60, 40)...)
	var steps []Progress
	m, err := Tune(t.Context(), events, Settings{Rank: 4, Iterations: 4, Reg: 1000}, 8, TrainOptions{ID: "m3", OnProgress: func(p Progress) error {
		steps = append(steps, p)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	best := slices.IndexFunc(m.Info.Grid, func(t Trial) bool { return t.Best })
	if best < 0 || m.Info.Settings.Reg == 1000 || m.Info.Settings.Reg != m.Info.Grid[best].Settings.Reg || m.Info.Settings.Iterations != 4 {
		t.Errorf("trained %+v; leaderboard %+v", m.Info.Settings, m.Info.Grid)
	}
	named := func(name string) int {
		return slices.IndexFunc(m.Info.Grid, func(t Trial) bool { return t.Name == name })
	}
	for _, name := range []string{"popularity", "item-to-item", "EASE"} {
		if named(name) < 0 {
			t.Errorf("%s took no part: %+v", name, m.Info.Grid)
		}
	}
	if m.Info.Tuned == nil || m.Info.Tuned.Winner == "" || m.Info.Tuned.Refused || m.Info.Tuned.Winner == "popularity" {
		t.Errorf("two tastes: verdict %+v", m.Info.Tuned)
	}
	search := slices.DeleteFunc(slices.Clone(steps), func(p Progress) bool { return p.Phase != PhaseSearch })
	if len(search) == 0 || search[len(search)-1].Step != search[len(search)-1].Of {
		t.Errorf("steps = %+v", search)
	}
}

func TestTuneSaysThatPopularityWins(t *testing.T) {
	// Everyone buys the popular at random: there is no taste to find.
	random := rand.New(rand.NewPCG(3, 1))
	var all []store.Interaction
	for i := range 4000 {
		product := int(120 * random.Float64() * random.Float64() * random.Float64())
		all = append(all, event("u"+string(rune('a'+random.IntN(26)))+string(rune('a'+random.IntN(26))), "p"+string(rune('A'+product)), store.Purchase, 1, float64(i)))
	}
	m, err := Tune(t.Context(), eventsOf(all...), Settings{Rank: 16, Iterations: 4}, 4, TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Info.Tuned; got.Winner != "popularity" || !got.Refused || !strings.Contains(got.Advice, "Publish none") {
		t.Errorf("verdict %+v; leaderboard %+v", got, m.Info.Grid)
	}
}

func TestVerdictsSayWhatToDo(t *testing.T) {
	als := eval.Contender{Name: eval.ALS, Validation: 0.2}
	popularity := eval.Contender{Name: eval.Popularity, Validation: 0.1}
	better := eval.Contender{Name: eval.EASE, Validation: 0.3}
	for _, c := range []struct {
		board   []eval.Contender
		winner  string
		refused bool
		says    string
	}{
		{[]eval.Contender{als, popularity}, "ALS", false, "won"},
		{[]eval.Contender{better, als, popularity}, "EASE", false, "cannot answer live"},
		{[]eval.Contender{{Name: eval.Popularity, Validation: 0.4}, better, als}, "popularity", true, "Publish none"},
		{[]eval.Contender{better, {Name: eval.Popularity, Validation: 0.25}, als}, "EASE", true, "Publish none"},
	} {
		got := verdict(&eval.Tuning{Leaderboard: c.board, Best: als})
		if got.Winner != c.winner || got.Refused != c.refused || !strings.Contains(got.Advice, c.says) {
			t.Errorf("verdict of %v = %+v, want %s, refused %v, %q", c.board, got, c.winner, c.refused, c.says)
		}
	}
}

func TestTuneRefusesWhatItCannotDo(t *testing.T) {
	events := eventsOf(checkerboard(10, 10)...)
	for _, c := range []struct {
		base   Settings
		budget int
	}{{Settings{Feedback: Explicit}, 8}, {small, 3}, {small, 1000}, {Settings{Rank: -1}, 8}} {
		if _, err := Tune(t.Context(), events, c.base, c.budget, TrainOptions{}); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("Tune(%+v, %d) = %v, want invalid", c.base, c.budget, err)
		}
	}
	if _, err := Tune(t.Context(), eventsOf(event("anna", "book", store.View, 1, 0)), small, 8, TrainOptions{}); !errors.Is(err, ErrNoData) {
		t.Errorf("Tune of one event = %v, want no data", err)
	}
}
