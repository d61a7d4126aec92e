package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"valse/engine"
	"valse/internal/pipeline"
	"valse/internal/trial"
	"valse/warehouse/sources"
)

// The way of a new user from files to a list that changes as people click, by
// the commands and the API alone: once on small files of known contents, and
// where VALSE_DATA has them on the real ones.

func TestFromFilesToListsThatChange(t *testing.T) {
	n := newcomer(t)
	retail, rejects := smallRetail(t)
	if report := n.imports("retail", "online-retail", retail); !maps.Equal(report.Reasons, rejects) {
		t.Errorf("rejected rows by reason = %v, want %v", report.Reasons, rejects)
	}
	n.imports("films", "movielens", smallFilms(t))
	quick := []string{"--rank", "16", "--iterations", "6", "--binary"}
	n.trains("retail", quick...)
	n.trains("films", "--feedback", "explicit", "--rank", "8")
	if e := n.evaluates("films", "--feedback", "explicit", "--rank", "8", "--split", "60/20/20"); e.TestRMSE > 0.9*e.BiasRMSE {
		t.Errorf("RMSE %.3f, want a tenth less than the %.3f of biases alone", e.TestRMSE, e.BiasRMSE)
	}
	recall := map[string]float64{}
	for _, r := range n.evaluates("retail", append(quick, "--k", "20")...).Reports {
		recall[r.Name] = r.Report.At[0].Recall
	}
	if recall["model"] < 1.5*recall["popularity"] {
		t.Errorf("Recall@20 by recommender = %v, want the model far above popularity", recall)
	}
	n.lists("retail", 20)
	n.lists("films", 20)
	n.watches("retail")
}

func TestFromRealFilesToListsThatChange(t *testing.T) {
	retail, films := trial.Data(t, "online-retail"), trial.Data(t, "ml-latest-small")
	n := newcomer(t)
	if report := n.imports("retail", "online-retail", retail); report.Rejected+report.Interactions.Read != 541_909 {
		t.Errorf("%d rows taken and %d rejected, want 541,909 in all", report.Interactions.Read, report.Rejected)
	}
	if report := n.imports("films", "movielens", films); report.Rejected != 0 || report.Interactions.Read != 100_836 {
		t.Errorf("%d rows taken and %d rejected, want 100,836 and none", report.Interactions.Read, report.Rejected)
	}
	implicit := []string{"--rank", "64", "--iterations", "12", "--unobserved-weight", "0.3", "--reg-exponent", "1", "--binary"}
	n.trains("retail", append(implicit, "--reg", "0.003")...)
	n.trains("films", "--feedback", "explicit")
	if e := n.evaluates("films", "--feedback", "explicit", "--split", "60/20/20"); e.TestRMSE > 0.856 {
		t.Errorf("RMSE of stars = %.4f, want at most 0.856", e.TestRMSE)
	}
	n.lists("retail", 20)
	n.lists("films", 20)
	n.watches("retail")

	// The fixed splits, each in a partition of its own.
	n.imports("retail-before", "online-retail", retailBefore(t, retail, "2011-10-01"))
	n.trains("retail-before", append(implicit, "--reg", "0.003")...)
	n.reaches("retail-before", retail+"/split/test_new.csv.gz", 0.083, 0.102)
	n.imports("films-before", "movielens", filmsBefore(t, films))
	n.trains("films-before", append(implicit, "--reg", "0.01")...)
	n.reaches("films-before", films+"/split/test.csv.gz", 0.115, 0.072)
}

// visitor is somebody new with an empty folder.
type visitor struct {
	*testing.T
	env []string
}

func newcomer(t *testing.T) *visitor {
	return &visitor{t, append(os.Environ(), "VALSE_STORE=sqlite:"+t.TempDir(), "VALSE_WAREHOUSE="+t.TempDir(), "VALSE_JOURNAL="+t.TempDir(), "VALSE_LOG_LEVEL=error")}
}

// valse runs a command in a partition and returns what it prints.
func (v *visitor) valse(partition string, args ...string) []byte {
	v.Helper()
	cmd := exec.Command("valse", append(args, "--partition", partition)...)
	cmd.Env = v.env
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		v.Fatalf("valse %s: %v\n%s%s", strings.Join(args, " "), err, out, complaints.Bytes())
	}
	return out
}

func (v *visitor) read(into any, out []byte) {
	v.Helper()
	if err := json.Unmarshal(out, into); err != nil {
		v.Fatalf("%v in %.200s", err, out)
	}
}

// imports imports twice: the second time must change nothing.
func (v *visitor) imports(partition, format, path string) (first sources.Report) {
	v.Helper()
	var second sources.Report
	for _, report := range []*sources.Report{&first, &second} {
		v.read(report, v.valse(partition, "import", "--format", format, "--continue-on-error", "--json", path))
	}
	v.Logf("%s: %+v, rejected %d: %v", partition, first.Interactions, first.Rejected, first.Reasons)
	for kind, n := range map[string][2]sources.Count{
		"products": {first.Products, second.Products}, "users": {first.Users, second.Users}, "interactions": {first.Interactions, second.Interactions},
	} {
		if n[1].Created+n[1].Updated+n[1].Conflict > 0 {
			v.Errorf("%s: importing again = %+v of %s, want no change", partition, n[1], kind)
		}
	}
	return first
}

func (v *visitor) trains(partition string, settings ...string) {
	v.Helper()
	var out pipeline.TrainOutput
	v.read(&out, v.valse(partition, append([]string{"train", "--no-evaluate", "--publish", "--json"}, settings...)...))
	if !out.Published {
		v.Errorf("%s: the model was not published: %+v", partition, out)
	}
}

func (v *visitor) evaluates(partition string, settings ...string) (e engine.Evaluation) {
	v.Helper()
	v.read(&e, v.valse(partition, append([]string{"evaluate", "--json"}, settings...)...))
	for _, r := range e.Reports {
		v.Logf("%s, %s: %s %+v", partition, e.Split, r.Name, r.Report.At)
	}
	v.Logf("%s, %s: RMSE %.4f, biases alone %.4f", partition, e.Split, e.TestRMSE, e.BiasRMSE)
	return e
}

// lists returns everyone's list, each of which must be of length n.
func (v *visitor) lists(partition string, n int) map[string][]string {
	v.Helper()
	rows, err := csv.NewReader(bytes.NewReader(v.valse(partition, "recommend", "--users", "all", "--n", fmt.Sprint(n), "--format", "csv"))).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], []string{"user_id", "item_id", "rank", "score"}) {
		v.Fatalf("%s: lists begin with %v, %v; want user_id,item_id,rank,score", partition, rows[:min(1, len(rows))], err)
	}
	lists := map[string][]string{}
	for _, row := range rows[1:] {
		if lists[row[0]] = append(lists[row[0]], row[1]); row[2] != fmt.Sprint(len(lists[row[0]])) {
			v.Fatalf("%s: %v is number %d of its list", partition, row, len(lists[row[0]]))
		}
	}
	for user, list := range lists {
		if len(list) != n {
			v.Errorf("%s: the list of %s has %d products, want %d", partition, user, len(list), n)
		}
	}
	v.Logf("%s: %d lists of %d", partition, len(lists), n)
	return lists
}

// watches opens a subscription to somebody's list, records one purchase of its
// first product, and waits for the list without it.
func (v *visitor) watches(partition string) {
	v.Helper()
	server := &victim{t: v.T, listen: freeAddress(v.T), env: append(v.env, "VALSE_PARTITION="+partition)}
	server.key = server.createKey()
	server.start()
	defer server.kill()
	user := slices.Min(slices.Collect(maps.Keys(v.lists(partition, 20))))
	ctx, stop := context.WithTimeout(v.Context(), 2*time.Minute)
	defer stop()
	changes := server.subscribe(ctx, user)
	before := <-changes
	if len(before) != 10 {
		v.Fatalf("the first list of %s on the subscription = %v, want 10 products", user, before)
	}
	event := map[string]any{"eventId": "first", "userId": user, "productId": before[0], "type": "PURCHASE", "value": 1, "time": "2026-01-02T03:04:05Z"}
	var data struct{ RecordInteractions json.RawMessage }
	begin := time.Now()
	if err := server.ask(ctx, "mutation($i: [InteractionInput!]!) { recordInteractions(interactions: $i) { results { outcome } userErrors { message } } }",
		map[string]any{"i": []any{event}}, &data); err != nil || !bytes.Contains(data.RecordInteractions, []byte("CREATED")) {
		v.Fatalf("recordInteractions = %s, %v; want it created", data.RecordInteractions, err)
	}
	after := <-changes
	for slices.Contains(after, before[0]) { // made for another reason
		after = <-changes
	}
	v.Logf("%s: %s was answered with a new list %v later: %v, then %v", partition, before[0], time.Since(begin), before, after)
	if len(after) != 10 {
		v.Errorf("after %s bought %s the list is %v, want 10 other products", user, before[0], after)
	}
}

// subscribe opens a subscription to a user's list by server-sent events. The
// channel closes with the context.
func (s *victim) subscribe(ctx context.Context, user string) <-chan []string {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{
		"query":     "subscription($u: ID!) { recommendations(userId: $u, first: 10) { items { product { productId } } } }",
		"variables": map[string]any{"u": user},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+s.listen+"/graphql", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Bearer "+s.key)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	lists := make(chan []string, 100)
	go func() {
		defer close(lists)
		defer response.Body.Close()
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			text, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			var answer struct {
				Data struct {
					Recommendations struct {
						Items []struct{ Product struct{ ProductID string } }
					}
				}
			}
			if json.Unmarshal([]byte(text), &answer) != nil {
				continue
			}
			list := []string{}
			for _, item := range answer.Data.Recommendations.Items {
				list = append(list, item.Product.ProductID)
			}
			lists <- list
		}
	}()
	return lists
}
