package store

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// EventType is what a user did with a product.
type EventType uint8

// The event types. Their numbers are part of stored formats: append only.
const (
	View       EventType = iota + 1 // looked at the product's page
	Cart                            // put it into the cart
	Purchase                        // bought it; Value is the quantity
	Rating                          // rated it; Value is 0.5 to 5 stars, 0 takes the rating back
	Like                            // liked it
	Dislike                         // disliked it
	Hide                            // asked never to see it again; Value 0 takes that back
	Impression                      // was shown it in a recommendation
	Click                           // clicked it in a recommendation
)

// NumEventTypes bounds arrays indexed by EventType (index 0 is unused).
const NumEventTypes = 10

var eventTypeNames = [NumEventTypes]string{"", "VIEW", "CART", "PURCHASE", "RATING", "LIKE", "DISLIKE", "HIDE", "IMPRESSION", "CLICK"}

// EventTypes lists every type in order.
func EventTypes() []EventType {
	return []EventType{View, Cart, Purchase, Rating, Like, Dislike, Hide, Impression, Click}
}

// String returns the name used in files and in the schema, like "PURCHASE".
func (t EventType) String() string {
	if int(t) < len(eventTypeNames) && t > 0 {
		return eventTypeNames[t]
	}
	return fmt.Sprintf("EventType(%d)", uint8(t))
}

// ParseEventType reads a name in any case; the error is an [Invalid].
func ParseEventType(name string) (EventType, error) {
	for t, n := range eventTypeNames {
		if t > 0 && strings.EqualFold(n, strings.TrimSpace(name)) {
			return EventType(t), nil
		}
	}
	return 0, &Invalid{Field: "type", Value: name, Want: "one of " + strings.Join(eventTypeNames[1:], ", ")}
}

// Interaction is one event: a user did something with a product.
type Interaction struct {
	// EventID makes the append idempotent; unique within its user. Up to 256 bytes.
	EventID   string
	UserID    string
	ProductID string
	Type      EventType
	// Value is stars for Rating, quantity for Purchase, 1 otherwise; 0 takes a
	// Rating or a Hide back.
	Value float64
	// Time is when it happened, to the microsecond, UTC.
	Time time.Time
	// Basket groups interactions of one order or one visit; may be empty. Up to
	// 256 bytes.
	Basket string
	// RecommendationID names the list that led here; may be empty. Up to 256
	// bytes.
	RecommendationID string

	// Credit names what this event counts for besides its product: opaque to
	// the store, up to 256 bytes, empty for nothing. It is counted (see
	// [Credits]) when the event is created and not kept with it, so it takes
	// no part in Same.
	Credit string

	// Shard, Seq and RecordedAt are set by the store: place in the log and
	// time of acceptance.
	Shard      int
	Seq        int64
	RecordedAt time.Time
}

// Validate checks an interaction as it comes from outside. The error is an
// [Invalid] whose Field starts with prefix (like "interactions[3].").
func (i *Interaction) Validate(prefix string, now time.Time) error {
	for _, id := range []struct{ field, value string }{
		{"eventId", i.EventID}, {"userId", i.UserID}, {"productId", i.ProductID},
	} {
		if err := ValidateID(prefix+id.field, id.value); err != nil {
			return err
		}
	}
	for _, id := range []struct{ field, value string }{
		{"basket", i.Basket}, {"recommendationId", i.RecommendationID},
	} {
		if id.value == "" {
			continue
		}
		if err := ValidateID(prefix+id.field, id.value); err != nil {
			return err
		}
	}
	if i.Type == 0 || i.Type >= NumEventTypes {
		return &Invalid{Field: prefix + "type", Value: strconv.Itoa(int(i.Type)), Want: "a known event type"}
	}
	badValue := func(want string) error {
		return &Invalid{Field: prefix + "value", Value: strconv.FormatFloat(i.Value, 'g', -1, 64), Want: want}
	}
	switch {
	case math.IsNaN(i.Value) || math.IsInf(i.Value, 0) || i.Value < 0 || i.Value > 1e9:
		return badValue("a finite number from 0 to 1e9")
	case i.Type == Rating && i.Value != 0 && (i.Value < 0.5 || i.Value > 5):
		return badValue("a rating from 0.5 to 5 stars, or 0 to take it back")
	}
	if i.Time.Year() < 1970 || i.Time.After(now.Add(24*time.Hour)) {
		return &Invalid{Field: prefix + "time", Value: i.Time.Format(time.RFC3339), Want: "a time from 1970 to now"}
	}
	return nil
}

// ValidateID checks an id that is not allowed to be empty: valid UTF-8 without
// NUL, at most 256 bytes.
func ValidateID(field, id string) error {
	if id == "" || len(id) > 256 || !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
		return &Invalid{Field: field, Value: id, Want: "1 to 256 bytes of UTF-8 without NUL"}
	}
	return nil
}

// Same reports whether two interactions are the same but for what the store
// sets: the question an append answers when the event id is known already.
func (i *Interaction) Same(j *Interaction) bool {
	return i.EventID == j.EventID && i.UserID == j.UserID && i.ProductID == j.ProductID &&
		i.Type == j.Type && i.Value == j.Value && i.Time.UnixMicro() == j.Time.UnixMicro() &&
		i.Basket == j.Basket && i.RecommendationID == j.RecommendationID
}

// Outcome is what became of one appended interaction.
type Outcome uint8

// The outcomes of an append.
const (
	Created  Outcome = iota + 1 // new: stored and durable
	Exists                      // the same event was stored before: nothing changed
	Conflict                    // the event id is taken by a different event: refused
	Erased                      // the user was erased: refused
	Accepted                    // durable; whether it is new is found out when the store answers again
)

// String returns the name used in the schema, like "CREATED".
func (o Outcome) String() string {
	return [...]string{"", "CREATED", "EXISTS", "CONFLICT", "ERASED", "ACCEPTED"}[o]
}

// HistoryQuery selects a part of a user's history, newest first.
type HistoryQuery struct {
	Types  []EventType // empty means all
	Before string      // cursor of the oldest seen; empty starts with the newest
	Limit  int         // 1 to MaxHistory; 0 means MaxHistory
}

// MaxHistory bounds how many interactions of one user one call returns.
const MaxHistory = 10_000

// HistoryPage is a part of a history, newest first by Time (ties by Seq).
type HistoryPage struct {
	Interactions []Interaction
	Cursors      []string // parallel to Interactions
	HasNext      bool
}

// UserRating is the latest rating a user gave a product.
type UserRating struct {
	ProductID string
	Stars     float64
	Time      time.Time
}

// Count is how often something happened to a product on one day.
type Count struct {
	Day       Day
	ProductID string
	Type      EventType
	N         int64
}

// Day is a UTC calendar day, as days since 1970-01-01.
type Day int32

// DayOf returns the day of t.
func DayOf(t time.Time) Day { return Day(math.Floor(float64(t.Unix()) / 86400)) }

// Time returns the day's first instant.
func (d Day) Time() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String writes a day like "2026-11-23".
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Interactions is the store's role as keeper of events.
type Interactions interface {
	// Append stores a batch and returns one outcome per interaction, in
	// order. When it returns without error, all Created ones are durable. An
	// error means nothing or a prefix per user was stored; sending the batch
	// again is safe. The caller has validated the interactions.
	Append(ctx context.Context, batch []Interaction) ([]Outcome, error)
	// History returns a part of one user's history; an unknown user has an
	// empty one.
	History(ctx context.Context, userID string, q HistoryQuery) (HistoryPage, error)
	// Ratings returns the user's latest rating of each of these products, or
	// of all (newest first, at most MaxHistory) when productIDs is nil. A
	// rating of 0 stars was taken back and is not returned.
	Ratings(ctx context.Context, userID string, productIDs []string) ([]UserRating, error)
	// Shards is the number of independent log shards, fixed per store.
	Shards() int
	// ReadLog returns up to limit interactions of one shard with Seq > after,
	// in order.
	ReadLog(ctx context.Context, shard int, after int64, limit int) ([]Interaction, error)
	// LogEnd returns the last sequence number of each shard.
	LogEnd(ctx context.Context) ([]int64, error)
	// LogEpoch changes when the log may have lost entries whose numbers are
	// then given again: what was read of it under another epoch is not to be
	// believed. ErrRestarted or ErrUnavailable while that is not known.
	LogEpoch(ctx context.Context) (int64, error)
	// Counts calls f with the day counts from day (inclusive) on, in any
	// order, each (day, product, type) possibly in several pieces to be
	// added up: a bulk read for best-sellers and trends.
	Counts(ctx context.Context, from Day, f func(Count) error) error
	// CountsVersion grows with every append and erasure that changed a count
	// older than yesterday: then readers reload everything, else the last two days.
	CountsVersion(ctx context.Context) (int64, error)
}
