package server

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	rules "valse/engine/rule"
)

const start = `mutation($input: ExperimentInput!) { startExperiment(input: $input) {
	experiment { number arms { modelId rules share } } userErrors { field message code } } }`

func TestAnExperimentRunsFromStartToVerdict(t *testing.T) {
	s := openShop(t)
	studio := s.adminBrowser(t)
	for v, vendor := range []string{"Vendor 0", "Vendor 1"} {
		book := []rules.Rule{{ID: "a", Kind: rules.Hide, Enabled: true, Where: rules.Match{Vendors: []string{vendor}}}}
		if _, err := s.server.Live.Books().Save(t.Context(), int64(v), book, "test", ""); err != nil {
			t.Fatal(err)
		}
	}
	input := vars{"name": "hide either vendor", "arms": []vars{{"rules": 1}, {"rules": 2}}}
	if n := at[float64](t, studio.must(start, vars{"input": input}), "startExperiment", "experiment", "number"); n != 1 {
		t.Errorf("the first experiment has number %v", n)
	}
	if code := at[string](t, studio.must(start, vars{"input": input}), "startExperiment", "userErrors", 0, "code"); code != "CONFLICT" {
		t.Errorf("starting another = %s, want CONFLICT", code)
	}

	// Servers notice, and each list then says its arm, to admins.
	server := s.key(t)
	const list = `query($user: ID!) { recommendations(userId: $user, first: 5) { recommendationId %s items { recommendationId product { productId vendor { name } } } } }`
	shown := map[float64]string{} // vendor by arm
	for n := 0; len(shown) < 2; n++ {
		if n > 2000 {
			t.Fatalf("arms seen: %v", shown)
		}
		l := at[map[string]any](t, studio.must(fmt.Sprintf(list, "experiment { number arm }"), vars{"user": fmt.Sprint("u", n)}), "recommendations")
		if l["experiment"] == nil {
			continue
		}
		arm := at[float64](t, l, "experiment", "arm")
		shown[arm] = at[string](t, l, "items", 0, "product", "vendor", "name")
	}
	if want := map[float64]string{0: "Vendor 1", 1: "Vendor 0"}; !cmp.Equal(shown, want) {
		t.Errorf("vendors shown by arm = %v, want %v", shown, want)
	}
	if got := server.ask(fmt.Sprintf(list, "experiment { arm }"), vars{"user": "u1"}); got.code() != "FORBIDDEN" {
		t.Errorf("a server asks for the arm: %v, want FORBIDDEN", got)
	}

	// What it leads to is counted by arm.
	var events []vars
	for n := range 120 {
		user := fmt.Sprint("u", n)
		l := at[map[string]any](t, server.must(fmt.Sprintf(list, ""), vars{"user": user}), "recommendations")
		event := func(kind string) vars {
			return vars{"userId": user, "eventId": kind, "type": kind, "productId": at[string](t, l, "items", 0, "product", "productId"), "recommendationId": at[string](t, l, "items", 0, "recommendationId")}
		}
		events = append(events, event("IMPRESSION"))
		if n%2 == 0 {
			events = append(events, event("CLICK"))
		}
	}
	server.must(record, vars{"events": events})
	const question = `{ experiments { number stoppedAt verdict { decision needed secondIsBetter lift { value low high } difference { value }
		arms { funnel { impressions clicks } rate { value low high } designEffect } } } results(by: ARM) { groups { experiment arm funnel { impressions } } } }`
	answer := studio.must(question, nil)
	verdict := at[map[string]any](t, answer, "experiments", 0, "verdict")
	seen := at[float64](t, verdict, "arms", 0, "funnel", "impressions") + at[float64](t, verdict, "arms", 1, "funnel", "impressions")
	if seen != 120 || at[string](t, verdict, "decision") != "NOT_ENOUGH" || at[float64](t, verdict, "needed") < 100 {
		t.Errorf("verdict = %v, want 120 impressions and not enough", verdict)
	}
	if groups := at[[]any](t, answer, "results", "groups"); len(groups) != 2 {
		t.Errorf("results by arm = %v, want two", groups)
	}

	const stop = `mutation { stopExperiment { experiment { stoppedAt verdict { decision } } userErrors { code } } }`
	if at[string](t, studio.must(stop, nil), "stopExperiment", "experiment", "stoppedAt") == "" {
		t.Error("the experiment has not stopped")
	}
	if code := at[string](t, studio.must(stop, nil), "stopExperiment", "userErrors", 0, "code"); code != "NOT_FOUND" {
		t.Errorf("stopping again = %s, want NOT_FOUND", code)
	}
}

// TestTwoRuleBooksInterleavedInOneListGetAVerdict lets people choose from lists
// that two books draft in turns: one shows the products of a vendor, the other
// those of another, and people click the second's three times as often.
func TestTwoRuleBooksInterleavedInOneListGetAVerdict(t *testing.T) {
	s := openShop(t)
	studio, server := s.adminBrowser(t), s.key(t)
	const save = `mutation($version: Int64!, $vendors: [String!]!) { saveRules(expectedVersion: $version, rules: [
		{ ruleId: "only", kind: ONLY, where: { vendors: $vendors } }]) { book { version } userErrors { message } } }`
	for version, vendor := range []string{"Vendor 0", "Vendor 1"} {
		studio.must(save, vars{"version": version, "vendors": []string{vendor}})
	}
	input := vars{"name": "vendor 0 or 1", "kind": "INTERLEAVE", "goal": "CLICK", "arms": []vars{{"rules": 1}, {"rules": 2}}}
	if number := at[float64](t, studio.must(start, vars{"input": input}), "startExperiment", "experiment", "number"); number != 1 {
		t.Errorf("the experiment has number %v", number)
	}

	const list = `query($user: ID!) { recommendations(userId: $user, first: 6) { experiment { number arm } items { arm recommendationId product { productId vendor { name } } } } }`
	ask := func(user string) []any {
		return at[[]any](t, studio.must(list, vars{"user": user}), "recommendations", "items")
	}
	interleaved := func() bool { return ask("u0")[0].(map[string]any)["arm"] != nil }
	eventually(t, "a list that both drafted", interleaved)
	var events []vars
	var clicks [2]int
	for n := range 80 {
		user := fmt.Sprint("u", n)
		var drafted [2]int
		for place, item := range ask(user) {
			arm := int(at[float64](t, item, "arm"))
			drafted[arm]++
			if vendor := at[string](t, item, "product", "vendor", "name"); vendor != fmt.Sprint("Vendor ", arm) {
				t.Fatalf("arm %d put in a product of %s", arm, vendor)
			}
			event := func(kind string) vars {
				return vars{"userId": user, "eventId": fmt.Sprint(kind, place), "type": kind,
					"productId": at[string](t, item, "product", "productId"), "recommendationId": at[string](t, item, "recommendationId")}
			}
			if events = append(events, event("IMPRESSION")); arm == 1 || n%3 == 0 {
				clicks[arm]++
				events = append(events, event("CLICK"))
			}
		}
		if drafted != [2]int{3, 3} {
			t.Errorf("the list of %s has %v entries of the arms, want 3 each", user, drafted)
		}
	}
	for chunk := range slices.Chunk(events, 200) {
		server.must(record, vars{"events": chunk})
	}

	answer := studio.must(`{ experiment(number: 1) { verdict { decision secondIsBetter lift { low } arms { funnel { impressions clicks } rate { value } } } } }`, nil)
	verdict := at[map[string]any](t, answer, "experiment", "verdict")
	for arm, want := range clicks {
		funnel := at[map[string]any](t, verdict, "arms", arm, "funnel")
		if funnel["clicks"] != float64(want) || funnel["impressions"] != float64(240) {
			t.Errorf("arm %d has %v, want %d clicks of 240", arm, funnel, want)
		}
		share := float64(want) / float64(clicks[0]+clicks[1])
		if got := at[float64](t, verdict, "arms", arm, "rate", "value"); math.Abs(got-share) > 1e-9 {
			t.Errorf("arm %d has %v of the clicks, want %v", arm, got, share)
		}
	}
	if at[string](t, verdict, "decision") != "SECOND_BETTER" || at[float64](t, verdict, "lift", "low") <= 0 {
		t.Errorf("verdict = %v, want the second better", verdict)
	}
	stopped := studio.must(`mutation { stopExperiment { experiment { verdict { decision } } userErrors { code } } }`, nil)
	if got := at[string](t, stopped, "stopExperiment", "experiment", "verdict", "decision"); got != "SECOND_BETTER" {
		t.Errorf("the verdict that is kept is %s", got)
	}
	eventually(t, "lists that nobody drafts", func() bool { return !interleaved() })
}

func TestExperimentsOfWhatIsNotThereAreRefused(t *testing.T) {
	s := openShop(t)
	studio := s.adminBrowser(t)
	for field, input := range map[string]vars{
		"arms":  {"name": "x", "arms": []vars{{}}},
		"1":     {"name": "x", "arms": []vars{{}, {"modelId": "never"}}},
		"rules": {"name": "x", "arms": []vars{{}, {"rules": 7}}},
	} {
		path := at[[]any](t, studio.must(start, vars{"input": input}), "startExperiment", "userErrors", 0, "field")
		found := false
		for _, part := range path {
			found = found || part == field
		}
		if !found {
			t.Errorf("%v is refused at %v, want %s", input, path, field)
		}
	}
	if got := studio.ask(`{ recommendations(userId: "ann", options: { asOf: "never" }) { modelId } }`, nil); got.code() != "NOT_FOUND" {
		t.Errorf("as of a model that is not kept: %v, want NOT_FOUND", got)
	}
	if got := s.key(t).ask(`{ recommendations(userId: "ann", options: { asOf: "m1" }) { modelId } }`, nil); got.code() != "FORBIDDEN" {
		t.Errorf("a server asks for a list as of a model: %v, want FORBIDDEN", got)
	}
}
