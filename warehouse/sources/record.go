package sources

import (
	"math"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// record is one row by field name, as text. Reading a field takes it out, so
// that what is left are the fields nobody knows.
type record map[string]string

// take returns the first of these fields that is not empty.
func (r record) take(names ...string) string {
	value := ""
	for _, name := range names {
		if value == "" {
			value = r[name]
		}
		delete(r, name)
	}
	return value
}

// interaction reads the fields of an interaction.
func (r record) interaction() (i store.Interaction, err error) {
	i = store.Interaction{
		UserID: r.take("user_id"), ProductID: r.take("item_id", "product_id"),
		EventID: r.take("event_id"), Basket: r.take("basket", "basket_id"),
		RecommendationID: r.take("recommendation_id"),
	}
	if i.Type, err = store.ParseEventType(r.take("type")); err != nil {
		return i, err
	}
	value := strings.TrimSpace(r.take("value"))
	switch {
	case value != "":
		if i.Value, err = strconv.ParseFloat(value, 64); err != nil {
			return i, &store.Invalid{Field: "value", Value: value, Want: "a number"}
		}
	case i.Type == store.Rating:
		return i, &store.Invalid{Field: "value", Want: "a rating from 0.5 to 5 stars, or 0 to take it back"}
	default:
		i.Value = 1
	}
	i.Time, err = parseTime("timestamp", r.take("timestamp", "time"))
	return i, err
}

// product reads the fields of a product; unknown ones become attributes.
func (r record) product() (p store.Product, err error) {
	p = store.Product{
		ID: r.take("item_id", "product_id", "id"), Title: r.take("title", "name"), Description: r.take("description"),
		Category: r.take("category"), Vendor: r.take("vendor"),
		Currency: strings.ToUpper(r.take("currency")), ImageURL: r.take("image_url"),
	}
	if p.Price, err = parsePrice(r.take("price"), p.Currency); err != nil {
		return p, err
	}
	if published := r.take("published_at"); published != "" {
		if p.PublishedAt, err = parseTime("published_at", published); err != nil {
			return p, err
		}
	}
	if stock := strings.TrimSpace(r.take("stock")); stock != "" {
		n, err := strconv.ParseFloat(stock, 64)
		if err != nil {
			return p, &store.Invalid{Field: "stock", Value: stock, Want: "a number of pieces"}
		}
		p.OutOfStock = n <= 0
	}
	for name, flag := range map[string]*bool{"out_of_stock": &p.OutOfStock, "hidden": &p.Hidden} {
		if text := r.take(name); text != "" {
			if *flag, err = strconv.ParseBool(strings.ToLower(text)); err != nil {
				return p, &store.Invalid{Field: name, Value: text, Want: "true or false"}
			}
		}
	}
	p.Attributes = r.rest()
	return p, nil
}

// user reads the fields of a user; unknown ones become attributes.
func (r record) user() (u store.User, err error) {
	u = store.User{ID: r.take("user_id", "id"), Name: r.take("name"), Persona: r.take("persona")}
	if created := r.take("created_at"); created != "" {
		if u.CreatedAt, err = parseTime("created_at", created); err != nil {
			return u, err
		}
	}
	u.Attributes = r.rest()
	return u, nil
}

// rest returns the fields left that are not empty, or nil.
func (r record) rest() map[string]string {
	var attributes map[string]string
	for name, value := range r {
		if value == "" {
			continue
		}
		if attributes == nil {
			attributes = map[string]string{}
		}
		attributes[strings.Clone(name)] = strings.Clone(value)
	}
	return attributes
}

// timeLayouts are tried in order after Unix seconds.
var timeLayouts = []string{time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02T15:04:05", time.DateOnly}

// parseTime reads RFC 3339, "2006-01-02 15:04:05", a date, or Unix seconds;
// what names no zone is UTC.
func parseTime(field, text string) (time.Time, error) {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > -1e11 && seconds < 1e11 {
		return time.Unix(seconds, 0).UTC(), nil
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(seconds) < 1e11 {
		return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC(), nil
	}
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, &store.Invalid{Field: field, Value: text, Want: "a time like 2026-03-01T12:00:00Z, 2026-03-01 12:00:00 or Unix seconds"}
}

// decimals are the digits after the point of currencies that have not two
// (ISO 4217).
var decimals = map[string]int{
	"BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
	"RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
	"BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}

// parsePrice reads a price like "19.99" into minor units; an empty one is
// unknown, -1.
func parsePrice(text, currency string) (int64, error) {
	if text = strings.TrimSpace(text); text == "" {
		return -1, nil
	}
	digits, ok := decimals[currency]
	if !ok {
		digits = 2
	}
	price, err := strconv.ParseFloat(text, 64)
	if minor := math.Round(price * math.Pow10(digits)); err == nil && minor >= 0 && minor < 1e15 {
		return int64(minor), nil
	}
	return -1, &store.Invalid{Field: "price", Value: text, Want: "a price like 19.99"}
}
