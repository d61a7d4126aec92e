package warehouse

import (
	"time"

	"valse/store"
)

// eventRow is a row of interactions/. Times are microseconds since 1970, UTC.
type eventRow struct {
	EventID          string  `parquet:"event_id,plain"`
	UserID           string  `parquet:"user_id,dict"`
	ProductID        string  `parquet:"product_id,dict"`
	Type             string  `parquet:"type,dict"`
	Value            float64 `parquet:"value,dict"`
	Time             int64   `parquet:"time,plain,timestamp(microsecond)"`
	Basket           string  `parquet:"basket,dict"`
	RecommendationID string  `parquet:"recommendation_id,dict"`
	RecordedAt       int64   `parquet:"recorded_at,plain,timestamp(microsecond)"`
	Seq              int64   `parquet:"seq,plain"`
}

// productRow is a row of products/.
type productRow struct {
	ID          string            `parquet:"id,plain"`
	Title       string            `parquet:"title,plain"`
	Description string            `parquet:"description,plain"`
	Category    string            `parquet:"category,dict"`
	Vendor      string            `parquet:"vendor,dict"`
	Price       int64             `parquet:"price,plain"` // minor units; negative means unknown
	Currency    string            `parquet:"currency,dict"`
	ImageURL    string            `parquet:"image_url,plain"`
	PublishedAt *int64            `parquet:"published_at,optional,plain,timestamp(microsecond)"`
	OutOfStock  bool              `parquet:"out_of_stock"`
	Hidden      bool              `parquet:"hidden"`
	Attributes  map[string]string `parquet:"attributes" parquet-key:",plain" parquet-value:",plain"`
	UpdatedAt   *int64            `parquet:"updated_at,optional,plain,timestamp(microsecond)"`
}

// userRow is a row of users/.
type userRow struct {
	ID         string            `parquet:"id,plain"`
	Name       string            `parquet:"name,plain"`
	Persona    string            `parquet:"persona,plain"`
	Attributes map[string]string `parquet:"attributes" parquet-key:",plain" parquet-value:",plain"`
	CreatedAt  *int64            `parquet:"created_at,optional,plain,timestamp(microsecond)"`
}

// factorRow is a row of a model's user_factors or item_factors.
type factorRow struct {
	ID      string    `parquet:"id,plain"`
	Factors []float32 `parquet:"factors,plain,list"`
	Bias    float32   `parquet:"bias,plain"` // 0 in models without biases
}

func eventRows(log []store.Interaction) rows[eventRow] {
	return func(put func([]eventRow) error) error {
		batch := make([]eventRow, 0, readBatch)
		for len(log) > 0 {
			n := min(len(log), readBatch)
			batch = batch[:0]
			for i := range log[:n] {
				batch = append(batch, newEventRow(&log[i]))
			}
			if err := put(batch); err != nil {
				return err
			}
			log = log[n:]
		}
		return nil
	}
}

func newEventRow(i *store.Interaction) eventRow {
	return eventRow{
		EventID: i.EventID, UserID: i.UserID, ProductID: i.ProductID,
		Type: i.Type.String(), Value: i.Value, Time: i.Time.UnixMicro(),
		Basket: i.Basket, RecommendationID: i.RecommendationID,
		RecordedAt: i.RecordedAt.UnixMicro(), Seq: i.Seq,
	}
}

// interaction is the inverse of newEventRow but for the shard, which is the
// part's. The error is a store.Invalid.
func (r *eventRow) interaction() (store.Interaction, error) {
	eventType, err := store.ParseEventType(r.Type)
	return store.Interaction{
		EventID: r.EventID, UserID: r.UserID, ProductID: r.ProductID,
		Type: eventType, Value: r.Value, Time: time.UnixMicro(r.Time).UTC(),
		Basket: r.Basket, RecommendationID: r.RecommendationID,
		Seq: r.Seq, RecordedAt: time.UnixMicro(r.RecordedAt).UTC(),
	}, err
}

func newProductRow(p *store.Product) productRow {
	return productRow{
		ID: p.ID, Title: p.Title, Description: p.Description,
		Category: p.Category, Vendor: p.Vendor,
		Price: p.Price, Currency: p.Currency, ImageURL: p.ImageURL,
		PublishedAt: micros(p.PublishedAt), OutOfStock: p.OutOfStock, Hidden: p.Hidden,
		Attributes: p.Attributes, UpdatedAt: micros(p.UpdatedAt),
	}
}

func (r *productRow) product() store.Product {
	return store.Product{
		ID: r.ID, Title: r.Title, Description: r.Description,
		Category: r.Category, Vendor: r.Vendor,
		Price: r.Price, Currency: r.Currency, ImageURL: r.ImageURL,
		PublishedAt: fromMicros(r.PublishedAt), OutOfStock: r.OutOfStock, Hidden: r.Hidden,
		Attributes: r.Attributes, UpdatedAt: fromMicros(r.UpdatedAt),
	}
}

func newUserRow(u *store.User) userRow {
	return userRow{ID: u.ID, Name: u.Name, Persona: u.Persona, Attributes: u.Attributes, CreatedAt: micros(u.CreatedAt)}
}

func (r *userRow) user() store.User {
	return store.User{ID: r.ID, Name: r.Name, Persona: r.Persona, Attributes: r.Attributes, CreatedAt: fromMicros(r.CreatedAt)}
}

// micros is nil for the zero time.
func micros(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	us := t.UnixMicro()
	return &us
}

// fromMicros is the zero time for nil.
func fromMicros(us *int64) time.Time {
	if us == nil {
		return time.Time{}
	}
	return time.UnixMicro(*us).UTC()
}
