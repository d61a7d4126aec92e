package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/transport"

	"valse/graph/generated"
	"valse/internal/trial"
	"valse/store"
)

// stopping is a query of 89 bytes that ended servers for good while the rule on
// overlapping fields recursed before the rule on cycles had its turn.
const stopping = `{product(id:1){...A}} fragment A on Product{id similar{...A similar{...A similar{...A}}}}`

// stoppingHere is the same for this schema, where a list stands in between.
const stoppingHere = `{product(id:1){...A}} fragment A on Product{id similar{items{product{...A similar{items{product{...A similar{items{product{...A}}}}}}}}}}`

// attack makes one kind of document that should cost more than it may.
type attack struct {
	kind string
	make func(r *rand.Rand) string
}

func times(r *rand.Rand, least, most int) int { return least + r.IntN(most-least+1) }

// attacks are 25 kinds; every document is different.
var attacks = []attack{
	{"a fragment within itself", func(r *rand.Rand) string {
		return "{product(id:1){...A}} fragment A on Product{id " + strings.Repeat("similar{...A ", times(r, 1, 60)) + strings.Repeat("}", 1)
	}},
	{"the query that stops a stock server", func(r *rand.Rand) string { return strings.ReplaceAll(stopping, "A", fmt.Sprint("F", r.Uint32())) }},
	{"the same for this schema", func(r *rand.Rand) string {
		return strings.ReplaceAll(stoppingHere, "(id:1)", fmt.Sprintf("(id:%d)", r.Uint32()))
	}},
	{"a ring of fragments", func(r *rand.Rand) string {
		n := times(r, 2, 18)
		var b strings.Builder
		b.WriteString("{...F0}")
		for i := range n {
			fmt.Fprintf(&b, " fragment F%d on Query{a%d:__typename ...F%d}", i, i, (i+1)%n)
		}
		return b.String()
	}},
	{"a fan of fragments", func(r *rand.Rand) string { return chain(times(r, 8, 19), times(r, 2, 6)) }},
	{"a fan that ends in nothing", func(r *rand.Rand) string {
		return strings.ReplaceAll(chain(times(r, 8, 19), times(r, 2, 6)), "{ a: __typename }", "{ ...Nobody }")
	}},
	{"a fan that nobody uses", func(r *rand.Rand) string {
		return "{__typename}" + chain(times(r, 8, 19), times(r, 2, 6))[len("{ ...F0 }"):]
	}},
	{"two fragments of one name", func(r *rand.Rand) string {
		return "{...A} fragment A on Query{__typename} fragment A on Query{" + strings.Repeat("...A ", times(r, 1, 300)) + "}"
	}},
	{"deep selections", func(r *rand.Rand) string {
		n := times(r, 20, 400)
		return "{product(id:1)" + strings.Repeat("{similar{items{product", n) + "{id}" + strings.Repeat("}}}", n) + "}"
	}},
	{"deep inline fragments", func(r *rand.Rand) string {
		n := times(r, 3*Limits{}.WithDefaults().Depth, 300)
		return strings.Repeat("{...on Query", n) + "{__typename}" + strings.Repeat("}", n)
	}},
	{"many aliases", func(r *rand.Rand) string {
		var b strings.Builder
		for i := range times(r, 20, 200) {
			fmt.Fprintf(&b, "a%d:viewer{role}", i)
		}
		return "{" + b.String() + "}"
	}},
	{"many fields of one name", func(r *rand.Rand) string { return "{viewer{" + strings.Repeat("role ", times(r, 300, 900)) + "}}" }},
	{"fields that overlap", func(r *rand.Rand) string {
		return "{" + strings.Repeat("product(id:1){similar{items{product{id}}}}", times(r, 11, 60)) + "}"
	}},
	{"many roots", func(r *rand.Rand) string { return "{" + strings.Repeat("__typename ", times(r, 11, 900)) + "}" }},
	{"many directives", func(r *rand.Rand) string {
		return "{viewer" + strings.Repeat("@skip(if:false)", times(r, 21, 140)) + "{role}}"
	}},
	{"many operations", func(r *rand.Rand) string {
		var b strings.Builder
		for i := range times(r, 30, 100) {
			fmt.Fprintf(&b, "query Q%d{viewer{role isAnonymous}}", i)
		}
		return b.String()
	}},
	{"many variables", func(r *rand.Rand) string {
		var b strings.Builder
		for i := range times(r, 20, 180) {
			fmt.Fprintf(&b, "$v%d:Nope ", i)
		}
		return "query(" + b.String() + "){viewer{role}}"
	}},
	{"unknown fields", func(r *rand.Rand) string {
		var b strings.Builder
		for range times(r, 100, 190) {
			fmt.Fprintf(&b, "titel%d ", r.IntN(1000))
		}
		return "{product(id:1){" + b.String() + "}}"
	}},
	{"nested lists", func(r *rand.Rand) string { return "{nodes(ids:" + strings.Repeat("[", times(r, 100, 14_000)) }},
	{"nested objects", func(r *rand.Rand) string {
		n := times(r, 100, 230)
		return "{products(filter:" + strings.Repeat("{a:", n) + "1" + strings.Repeat("}", n) + "){totalCount}}"
	}},
	{"a long string", func(r *rand.Rand) string {
		return `{product(id:"` + strings.Repeat("x", times(r, 15_000, 60_000)) + `"){id}}`
	}},
	{"commas and comments", func(r *rand.Rand) string { return "{viewer{role}}" + strings.Repeat(",#\n", times(r, 5_000, 20_000)) }},
	{"endless introspection", func(r *rand.Rand) string {
		n := times(r, 8, 80)
		return "{__schema{types{fields" + strings.Repeat("{type{fields", n) + "{name}" + strings.Repeat("}}", n) + "}}}"
	}},
	{"wide introspection by fragments", func(r *rand.Rand) string {
		return "{__schema{types{" + strings.Repeat("...T ", times(r, 100, 400)) + "}}} fragment T on __Type{fields{name type{name}} possibleTypes{name}}"
	}},
	{"pages of pages", func(r *rand.Rand) string {
		return fmt.Sprintf("{products(first:%d){nodes{similar(first:%d){items{product{title}}}}}}", times(r, 30, 100), times(r, 50, 100))
	}},
}

// door is the handler as it is served, over nothing: what is refused touches
// neither store nor engine.
func door() http.Handler {
	return NewHandler(Config{Store: struct{ store.Store }{}, Logger: slog.New(slog.DiscardHandler)})
}

// post sends a document and returns the answer with the processor time of it.
func post(h http.Handler, document string) (*httptest.ResponseRecorder, time.Duration) {
	body, _ := json.Marshal(map[string]any{"query": document})
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	before := processorTime()
	h.ServeHTTP(w, r)
	return w, processorTime() - before
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func TestAttacksAreRefusedForLittleProcessorTime(t *testing.T) {
	h, r := door(), trial.Rand(t)
	post(h, "{ nothing }") // builds what is built once
	rounds, most := trial.Rounds(20, 200), 25*time.Millisecond
	if testing.Short() {
		most *= 4 // under the race detector
	}
	var all []time.Duration
	for _, a := range attacks {
		var spent []time.Duration
		for range rounds {
			document := a.make(r)
			w, took := post(h, document)
			if !bytes.Contains(w.Body.Bytes(), []byte(`{"errors":`)) || bytes.Contains(w.Body.Bytes(), []byte(`"data"`)) || bytes.Contains(w.Body.Bytes(), []byte("INTERNAL")) {
				t.Errorf("%s is answered %.200s\n%.300s", a.kind, w.Body, document)
			}
			spent = append(spent, took)
		}
		slices.Sort(spent)
		all = append(all, spent...)
		if median := spent[len(spent)/2]; median > most {
			t.Errorf("%s takes %v of processor time to refuse, want %v", a.kind, median, most)
		}
	}
	slices.Sort(all)
	t.Logf("%d kinds, %d documents: processor time of a refusal %v at the median, %v at the 99th percentile, %v at most",
		len(attacks), len(all), all[len(all)/2], all[len(all)*99/100], all[len(all)-1])
	if w, _ := post(h, "{ __typename }"); !strings.Contains(w.Body.String(), `"__typename":"Query"`) {
		t.Errorf("afterwards a query is answered %s", w.Body)
	}
}

// unguarded is the same schema behind a stock server with the same limit on
// cost.
func unguarded() http.Handler {
	h := handler.New(generated.NewExecutableSchema(generated.Config{Complexity: complexities()}))
	h.AddTransport(transport.POST{})
	h.Use(extension.FixedComplexityLimit(1000))
	return h
}

// TestWithoutTheGuardOneDocumentKeepsTheProcessBusyForGood is the control: a
// kilobyte that would be expanded 6¹⁹ times. The child may use two seconds of
// processor time and is killed in the middle of it.
func TestWithoutTheGuardOneDocumentKeepsTheProcessBusyForGood(t *testing.T) {
	document := chain(19, 6)
	if os.Getenv("VALSE_UNGUARDED") != "" {
		if err := syscall.Setrlimit(syscall.RLIMIT_CPU, &syscall.Rlimit{Cur: 2, Max: 2}); err != nil {
			t.Fatal(err)
		}
		post(unguarded(), document)
		return
	}
	child := exec.Command(os.Args[0], "-test.run", "^TestWithoutTheGuardOneDocumentKeepsTheProcessBusyForGood$")
	child.Env = append(os.Environ(), "VALSE_UNGUARDED=1")
	output, err := child.CombinedOutput()
	if err == nil || bytes.Contains(output, []byte("PASS")) {
		t.Errorf("the unguarded server answers (%v): %.500s", err, output)
	}
	if w, took := post(door(), document); !strings.Contains(w.Body.String(), codeTooLarge) || took > 250*time.Millisecond {
		t.Errorf("with the guard %d bytes are answered %s in %v", len(document), w.Body, took)
	}
}

// TestWhatIsTooLongIsNotKeptAsPersistedQuery registers documents by their hash and
// asks for them by it.
func TestWhatIsTooLongIsNotKeptAsPersistedQuery(t *testing.T) {
	h := door()
	for document, want := range map[string]string{"{ __typename }": `"__typename"`, "{ __typename }" + strings.Repeat(" ", 20_000): "PERSISTED_QUERY_NOT_FOUND"} {
		extensions := map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": fmt.Sprintf("%x", sha256.Sum256([]byte(document)))}}
		var answer string
		for _, body := range []map[string]any{{"query": document, "extensions": extensions}, {"extensions": extensions}} {
			text, _ := json.Marshal(body)
			r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(text))
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			answer = w.Body.String()
		}
		if !strings.Contains(answer, want) {
			t.Errorf("%d bytes by their hash are answered %s, want %s", len(document), answer, want)
		}
	}
}

// FuzzDocuments looks for a document that harms: the grammar's own pieces in any
// order, and whatever the fuzzer makes of them.
func FuzzDocuments(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, a := range attacks {
		f.Add(a.make(r))
	}
	f.Add(toolsIntrospection)
	h := door()
	f.Fuzz(func(t *testing.T, document string) {
		if w, took := post(h, document); took > time.Second || bytes.Contains(w.Body.Bytes(), []byte(`"INTERNAL"`)) && bytes.Contains(w.Body.Bytes(), []byte("panic")) {
			t.Errorf("took %v, answered %.300s", took, w.Body)
		}
	})
}

// TestDocumentsOfRandomGrammarAreAnsweredInTime puts pieces of the grammar in
// any order.
func TestDocumentsOfRandomGrammarAreAnsweredInTime(t *testing.T) {
	pieces := strings.Fields(`{ } ( ) [ ] : ! $ @ ... = | & "x" """x""" 1 -1.5e9 true null query mutation subscription fragment on A B Query Product
		product products similar items nodes viewer role id title first after ids filter __typename __schema __type types fields name skip if ...A ...B #`)
	h, r := door(), trial.Rand(t)
	var worst time.Duration
	for range trial.Rounds(2_000, 100_000) {
		var b strings.Builder
		for range times(r, 1, 60) {
			b.WriteString(pieces[r.IntN(len(pieces))] + " ")
		}
		w, took := post(h, b.String())
		worst = max(worst, took)
		if !bytes.HasPrefix(w.Body.Bytes(), []byte("{")) {
			t.Fatalf("%s is answered %s", b.String(), w.Body)
		}
	}
	t.Logf("processor time of one: %v at most", worst)
}
