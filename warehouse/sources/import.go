package sources

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"valse/store"
)

// Sink is where rows go; a store.Store is one.
type Sink interface {
	PutProducts(ctx context.Context, products []store.Product) (created, updated int, err error)
	ProductsByID(ctx context.Context, ids []string) ([]*store.Product, error)
	PutUsers(ctx context.Context, users []store.User) (created, updated int, err error)
	Append(ctx context.Context, batch []store.Interaction) ([]store.Outcome, error)
}

// Plan says what to import and how.
type Plan struct {
	Source Source
	Input  Input
	// DryRun checks everything and applies nothing.
	DryRun bool
	// ContinueOnError applies what is right and leaves out what is rejected.
	// Otherwise a single reject means that nothing is applied.
	ContinueOnError bool
	// Now is the time by which events in the future are told.
	Now time.Time

	room int // how much may be held; 0 means holdSize
}

// Progress is how far an import is.
type Progress struct {
	// Phase is "checking" or "applying", which run from 0 to TotalBytes, or
	// "moving", which runs from 0 to TotalRows: see Moving.
	Phase             string
	Rows, Rejected    int
	Bytes, TotalBytes int64 // of the files as they lie there
	TotalRows         int   // while moving, else 0
}

// Moving is the progress of one who moves what was imported on: so many of
// total events.
func Moving(events, total int) Progress {
	return Progress{Phase: "moving", Rows: events, TotalRows: total}
}

// Fraction is how much of the phase is done, 0 to 1.
func (p Progress) Fraction() float64 {
	if p.TotalRows > 0 {
		return float64(p.Rows) / float64(p.TotalRows)
	}
	return float64(p.Bytes) / float64(max(p.TotalBytes, 1))
}

// String says in a few words what is being done.
func (p Progress) String() string {
	if p.TotalRows > 0 {
		return fmt.Sprintf("%s to the warehouse: %d of %d events", p.Phase, p.Rows, p.TotalRows)
	}
	return fmt.Sprintf("%s: %d rows, %d rejected", p.Phase, p.Rows, p.Rejected)
}

// Count is what became of the rows of one kind.
type Count struct {
	Read    int `json:"read"` // rows that were right
	Created int `json:"created"`
	Updated int `json:"updated"` // products and users only
	// Exists counts rows that changed nothing, as the same were there.
	Exists int `json:"exists"`
	// Conflict counts events whose id another event has.
	Conflict int `json:"conflict"`
	// Erased counts events refused because their user was erased.
	Erased int `json:"erased"`
}

// MaxRejects is how many rejects a report spells out.
const MaxRejects = 1000

// Report is what an import found and did.
type Report struct {
	Source       string `json:"source"`
	Applied      bool   `json:"applied"`
	Products     Count  `json:"products"`
	Users        Count  `json:"users"`
	Interactions Count  `json:"interactions"`
	Rejected     int    `json:"rejected"`
	// Reasons counts the rejects by reason.
	Reasons map[string]int `json:"reasons"`
	// Rejects are the first MaxRejects of them, in order.
	Rejects []Reject `json:"rejects"`
	// Notes are what the reader should know, like columns that were ignored.
	Notes []string `json:"notes"`
}

// RejectedError says that rows were rejected and nothing was applied. It is
// store.ErrInvalid.
type RejectedError struct{ Report Report }

// Error names the count and the first few rejects.
func (e *RejectedError) Error() string {
	first := e.Report.Rejects[:min(len(e.Report.Rejects), 3)]
	lines := make([]string, len(first))
	for i, r := range first {
		lines[i] = r.String()
	}
	more := ""
	if e.Report.Rejected > len(first) {
		more = "; …"
	}
	return fmt.Sprintf("rejected rows: %d; nothing was applied: %s%s", e.Report.Rejected, strings.Join(lines, "; "), more)
}

// Is makes errors.Is(err, store.ErrInvalid) hold.
func (e *RejectedError) Is(target error) bool { return target == store.ErrInvalid }

// Import reads an input into the sink, calling progress, when not nil, every
// few thousand rows. The report is good also beside an error: after a
// [RejectedError] it holds the rejects, after any other what was applied
// before it.
func Import(ctx context.Context, plan Plan, sink Sink, progress func(Progress)) (Report, error) {
	report, err := run(ctx, plan, sink, progress)
	if err != nil {
		return report, fmt.Errorf("import %s: %w", plan.Source.Name(), err)
	}
	return report, nil
}

func run(ctx context.Context, plan Plan, sink Sink, progress func(Progress)) (Report, error) {
	reader, err := plan.Source.Open(plan.Input)
	if err != nil {
		return newReport(plan), err
	}
	total, err := sizes(reader.Files())
	if err != nil {
		return newReport(plan), err
	}
	if progress == nil {
		progress = func(Progress) {}
	}
	strict := plan.DryRun || !plan.ContinueOnError
	pass := newPass(plan, sink, progress, strict, total)
	if err := pass.read(ctx, reader); err != nil {
		return pass.report, err
	}
	if pass.report.Rejected > 0 && !plan.ContinueOnError {
		return pass.report, &RejectedError{pass.report}
	}
	if plan.DryRun {
		return pass.report, nil
	}
	if pass.dropped { // too large to be held
		pass = newPass(plan, sink, progress, false, total)
		if err := pass.read(ctx, reader); err != nil {
			return pass.report, err
		}
	}
	err = pass.apply(ctx)
	pass.report.Applied = err == nil
	return pass.report, err
}

func newReport(plan Plan) Report {
	return Report{Source: plan.Source.Name(), Reasons: map[string]int{}, Rejects: []Reject{}, Notes: []string{}}
}

// sizes adds up the sizes of files.
func sizes(files []string) (int64, error) {
	var total int64
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			return 0, err
		}
		total += info.Size()
	}
	return total, nil
}

// TopReasons lists the reasons by how often they occurred, most first.
func (r *Report) TopReasons() []string {
	reasons := make([]string, 0, len(r.Reasons))
	for reason := range r.Reasons {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b string) int {
		if d := r.Reasons[b] - r.Reasons[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return reasons
}
