package sources

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"valse/store"
)

// Pass takes what a [Reader] finds. An error from any of its methods ends the
// reading. A pass belongs to one goroutine.
type Pass struct {
	now      time.Time
	sink     Sink
	report   Report
	ids      eventIDs
	progress Progress // of the reading
	applied  Progress // of what went to the sink
	tell     func(Progress)

	// checking says that nothing may be applied before all is read. Rows are
	// held meanwhile, or dropped when they are more than room: then the file
	// has to be read again.
	checking bool
	dropped  bool
	room     int
	held     hold

	described map[string]bool // products known to be in the sink
}

// tellEvery is how many rows lie between two calls of the progress function.
const tellEvery = 8192

// newPass returns a pass that applies rows, or with checking one that only
// holds them.
func newPass(plan Plan, sink Sink, tell func(Progress), checking bool, total int64) *Pass {
	phase := "applying"
	if checking {
		phase = "checking"
	}
	return &Pass{
		now: plan.Now, sink: sink, report: newReport(plan), tell: tell,
		progress: Progress{Phase: phase, TotalBytes: total},
		checking: checking, dropped: plan.DryRun, room: cmp.Or(plan.room, holdSize),
		described: map[string]bool{},
	}
}

// Product takes a product.
func (p *Pass) Product(ctx context.Context, at Place, product store.Product) error {
	if err := checkProduct(&product); err != nil {
		return p.rejectInvalid(ctx, at, err)
	}
	p.report.Products.Read++
	if !p.dropped {
		p.held.addProduct(product)
	}
	return p.step(ctx)
}

// User takes a user.
func (p *Pass) User(ctx context.Context, at Place, user store.User) error {
	if err := checkUser(&user); err != nil {
		return p.rejectInvalid(ctx, at, err)
	}
	p.report.Users.Read++
	if !p.dropped {
		p.held.addUser(user)
	}
	return p.step(ctx)
}

// Interaction takes an interaction. One without an event id gets the one that
// its contents give; see [eventIDs].
func (p *Pass) Interaction(ctx context.Context, at Place, i store.Interaction) error {
	switch {
	case i.EventID != "":
	case p.dropped:
		i.EventID = "made when it is kept"
	default:
		i.EventID = p.ids.next(&i)
	}
	if err := i.Validate("", p.now); err != nil {
		return p.rejectInvalid(ctx, at, err)
	}
	p.report.Interactions.Read++
	if !p.dropped {
		p.held.add(i)
	}
	return p.step(ctx)
}

// Reject takes a row that cannot be taken.
func (p *Pass) Reject(ctx context.Context, r Reject) error {
	r.Value = shorten(r.Value)
	p.report.Rejected++
	p.report.Reasons[r.Reason]++
	if len(p.report.Rejects) < MaxRejects {
		p.report.Rejects = append(p.report.Rejects, r)
	}
	return p.step(ctx)
}

// shorten keeps the beginning of a text that nobody wants to read whole.
func shorten(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), 200)], "\uFFFD")
}

// maxNotes bounds what is noted: each row may have fields of its own.
const maxNotes = 100

// Note takes something the reader of the report should know, once.
func (p *Pass) Note(text string) {
	if len(p.report.Notes) < maxNotes && !slices.Contains(p.report.Notes, text) {
		p.report.Notes = append(p.report.Notes, text)
	}
}

// fileFields are the names in files of fields with another name in the API.
var fileFields = map[string]string{
	"eventId": "event_id", "userId": "user_id", "productId": "item_id", "time": "timestamp",
}

// rejectInvalid takes a row for which a check gave err.
func (p *Pass) rejectInvalid(ctx context.Context, at Place, err error) error {
	r := Reject{Place: at, Reason: err.Error()}
	var invalid *store.Invalid
	if errors.As(err, &invalid) {
		r = Reject{Place: at, Field: invalid.Field, Value: invalid.Value, Reason: "not " + invalid.Want}
		if name, ok := fileFields[invalid.Field]; ok {
			r.Field = name
		}
	}
	return p.Reject(ctx, r)
}

// step counts a row, tells what is due and makes room.
func (p *Pass) step(ctx context.Context) error {
	p.progress.Rows++
	if p.progress.Rows%tellEvery == 0 {
		p.progress.Rejected = p.report.Rejected
		if p.checking {
			p.tell(p.progress)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	switch {
	case p.held.size() < p.room:
		return nil
	case p.checking:
		p.held, p.dropped = hold{}, true
		return nil
	default:
		return p.apply(ctx)
	}
}

// read reads all rows.
func (p *Pass) read(ctx context.Context, reader Reader) error {
	if err := reader.Read(ctx, p); err != nil {
		return err
	}
	p.progress.Rejected = p.report.Rejected
	p.progress.Bytes = p.progress.TotalBytes
	if p.checking {
		p.tell(p.progress)
	}
	return ctx.Err()
}

// apply passes what is held to the sink, products and users before the
// interactions that name them, and tells how much of what was read is applied.
func (p *Pass) apply(ctx context.Context) error {
	from, to, rows, done := p.applied, p.progress, p.held.rows(), 0
	tell := func(batch int) {
		done += batch
		p.applied = to
		p.applied.Phase = "applying"
		if done < rows {
			share := float64(done) / float64(rows)
			p.applied.Rows = from.Rows + int(share*float64(to.Rows-from.Rows))
			p.applied.Bytes = from.Bytes + int64(share*float64(to.Bytes-from.Bytes))
		}
		p.tell(p.applied)
	}
	for batch := range slices.Chunk(p.held.products, batchSize) {
		created, updated, err := p.sink.PutProducts(ctx, batch)
		if err != nil {
			return err
		}
		p.report.Products.put(len(batch), created, updated)
		tell(len(batch))
	}
	for batch := range slices.Chunk(p.held.users, batchSize) {
		created, updated, err := p.sink.PutUsers(ctx, batch)
		if err != nil {
			return err
		}
		p.report.Users.put(len(batch), created, updated)
		tell(len(batch))
	}
	err := p.held.batches(func(batch []store.Interaction) error {
		outcomes, err := p.sink.Append(ctx, batch)
		if err != nil {
			return err
		}
		for _, outcome := range outcomes {
			p.report.Interactions.appended(outcome)
		}
		tell(len(batch))
		return p.describe(ctx, batch, outcomes)
	})
	p.held = hold{}
	tell(0)
	return err
}

// describe puts products that new interactions name and nothing describes under
// their bare id, so that they can be listed. Events that were there before put
// none: a product deleted since stays deleted.
func (p *Pass) describe(ctx context.Context, batch []store.Interaction, outcomes []store.Outcome) error {
	var ids []string
	for n, i := range batch {
		if outcomes[n] == store.Created && !p.described[i.ProductID] {
			p.described[i.ProductID] = true
			ids = append(ids, i.ProductID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	known, err := p.sink.ProductsByID(ctx, ids)
	if err != nil {
		return err
	}
	var bare []store.Product
	for n, product := range known {
		if product == nil {
			bare = append(bare, store.Product{ID: ids[n], Title: ids[n], Price: -1})
		}
	}
	if len(bare) == 0 {
		return nil
	}
	created, _, err := p.sink.PutProducts(ctx, bare)
	p.report.Products.Created += created
	p.Note("products that no file describes go by their id")
	return err
}

func (c *Count) put(rows, created, updated int) {
	c.Created += created
	c.Updated += updated
	c.Exists += rows - created - updated
}

func (c *Count) appended(outcome store.Outcome) {
	switch outcome {
	case store.Created:
		c.Created++
	case store.Exists:
		c.Exists++
	case store.Conflict:
		c.Conflict++
	case store.Erased:
		c.Erased++
	}
}

func checkProduct(p *store.Product) error {
	if err := store.ValidateID("item_id", p.ID); err != nil {
		return err
	}
	for _, text := range [][2]string{
		{"title", p.Title}, {"description", p.Description}, {"category", p.Category},
		{"vendor", p.Vendor}, {"image_url", p.ImageURL}, {"currency", p.Currency},
	} {
		if err := checkText(text[0], text[1]); err != nil {
			return err
		}
	}
	return checkAttributes(p.Attributes)
}

func checkUser(u *store.User) error {
	if err := store.ValidateID("user_id", u.ID); err != nil {
		return err
	}
	if err := checkText("name", u.Name); err != nil {
		return err
	}
	return checkAttributes(u.Attributes)
}

func checkAttributes(attributes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := checkText(name, attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

// maxText bounds one text of a product or a user.
const maxText = 1 << 20

func checkText(field, text string) error {
	if len(text) > maxText || !utf8.ValidString(text) || !utf8.ValidString(field) || strings.ContainsRune(text, 0) {
		return &store.Invalid{Field: field, Value: text, Want: "at most 1 MiB of UTF-8 without NUL"}
	}
	return nil
}
