package sources

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"valse/store"
)

// OnlineRetail reads UCI's "Online Retail" (Chen, Sain, Guo 2012) as CSV: the
// lines of a year's invoices. A line is a purchase, an invoice its basket.
// Lines that are no sale of a product to a known customer are rejected, so
// the original needs ContinueOnError.
type OnlineRetail struct{}

// Name implements [Source].
func (OnlineRetail) Name() string { return "online-retail" }

// Describe implements [Source].
func (OnlineRetail) Describe() string {
	return "UCI Online Retail as CSV: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
}

// Open implements [Source].
func (OnlineRetail) Open(in Input) (Reader, error) {
	name := first(in.Interactions, in.Path)
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = find(name, []string{"online_retail.csv", "online-retail.csv", "OnlineRetail.csv", "Online Retail.csv", "data.csv"})
	}
	if info, err := os.Stat(name); err != nil || info.IsDir() {
		return nil, &store.Invalid{Field: "path", Value: first(in.Interactions, in.Path), Want: "Online Retail's CSV file or a folder with online_retail.csv"}
	}
	return retailReader(name), nil
}

// retailReader is the file's name.
type retailReader string

func (r retailReader) Files() []string { return []string{string(r)} }

// Read hands over the purchases as it finds them, and the products and
// customers, which the file describes only through its lines, at the end.
func (r retailReader) Read(ctx context.Context, pass *Pass) error {
	shop := retailShop{products: map[string]*retailProduct{}, customers: map[string]retailCustomer{}}
	var columns map[string]int
	err := pass.eachCSV(ctx, string(r), func(header []string) (err error) {
		columns, err = retailColumns(string(r), header)
		return err
	}, func(at Place, _, values []string) error {
		line := retailLine{values: values, columns: columns}
		sale, reject := line.sale()
		if reject != nil {
			reject.Place = at
			return pass.Reject(ctx, *reject)
		}
		shop.add(at, &sale, line)
		return pass.Interaction(ctx, at, sale)
	})
	if err != nil {
		return err
	}
	return shop.tell(ctx, pass)
}

// retailNames are the columns, as they are called once lower case and without
// spaces. Online Retail II calls two of them otherwise.
var retailNames = map[string][]string{
	"InvoiceNo": {"invoiceno", "invoice"}, "StockCode": {"stockcode"}, "Description": {"description"},
	"Quantity": {"quantity"}, "InvoiceDate": {"invoicedate"}, "UnitPrice": {"unitprice", "price"},
	"CustomerID": {"customerid"}, "Country": {"country"},
}

// retailColumns finds the place of each column.
func retailColumns(name string, header []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, field := range header {
		for column, names := range retailNames {
			if slices.Contains(names, strings.ReplaceAll(field, " ", "")) {
				columns[column] = i
			}
		}
	}
	for _, column := range slices.Sorted(maps.Keys(retailNames)) {
		if _, ok := columns[column]; !ok {
			return nil, fmt.Errorf("%s:1: %w", filepath.Base(name), &store.Invalid{
				Field: "header", Value: strings.Join(header, ","), Want: "complete: the column " + column + " is missing"})
		}
	}
	return columns, nil
}

// retailLine is one line of an invoice.
type retailLine struct {
	values  []string
	columns map[string]int
}

func (l retailLine) value(column string) string {
	return strings.TrimSpace(l.values[l.columns[column]])
}

// sale returns the purchase of a line, or why it is none.
func (l retailLine) sale() (store.Interaction, *Reject) {
	reject := func(column, reason string) (store.Interaction, *Reject) {
		return store.Interaction{}, &Reject{Field: column, Value: l.value(column), Reason: reason}
	}
	if strings.HasPrefix(l.value("InvoiceNo"), "C") {
		return reject("InvoiceNo", "a cancellation")
	}
	if l.value("CustomerID") == "" {
		return reject("CustomerID", "no customer")
	}
	quantity, err := strconv.ParseFloat(l.value("Quantity"), 64)
	if err != nil || !(quantity > 0) {
		return reject("Quantity", "not a quantity above 0")
	}
	if price, err := strconv.ParseFloat(l.value("UnitPrice"), 64); err != nil || !(price > 0) {
		return reject("UnitPrice", "not a price above 0")
	}
	if !isStockCode(l.value("StockCode")) {
		return reject("StockCode", "not a product's stock code, which starts with five digits")
	}
	sold, err := parseInvoiceDate(l.value("InvoiceDate"))
	if err != nil {
		return reject("InvoiceDate", "not a date like 2010-12-01 08:26:00")
	}
	return store.Interaction{
		UserID: strings.Clone(l.value("CustomerID")), ProductID: strings.Clone(l.value("StockCode")),
		Type: store.Purchase, Value: quantity, Time: sold, Basket: strings.Clone(l.value("InvoiceNo")),
	}, nil
}

// isStockCode tells products from postage, discounts, samples and the like.
func isStockCode(code string) bool {
	if len(code) < 5 {
		return false
	}
	return !strings.ContainsFunc(code[:5], func(r rune) bool { return r < '0' || r > '9' })
}

// parseInvoiceDate reads the date as in the CSV copies or as in the original
// spreadsheet.
func parseInvoiceDate(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02 15:04:05", "1/2/2006 15:04", "2006-01-02 15:04"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return parseTime("InvoiceDate", text)
}

// retailShop gathers what the lines say of products and customers.
type retailShop struct {
	products  map[string]*retailProduct
	customers map[string]retailCustomer
}

type retailProduct struct {
	at     Place // of its first line
	titles map[string]int
	prices []float64
}

type retailCustomer struct {
	at      Place // of its first line
	country string
}

func (s retailShop) add(at Place, sale *store.Interaction, line retailLine) {
	product := s.products[sale.ProductID]
	if product == nil {
		product = &retailProduct{at: at, titles: map[string]int{}}
		s.products[sale.ProductID] = product
	}
	if title := line.value("Description"); title != "" {
		if _, ok := product.titles[title]; !ok {
			title = strings.Clone(title)
		}
		product.titles[title]++
	}
	price, _ := strconv.ParseFloat(line.value("UnitPrice"), 64)
	product.prices = append(product.prices, price)
	if _, ok := s.customers[sale.UserID]; !ok {
		s.customers[sale.UserID] = retailCustomer{at, strings.Clone(line.value("Country"))}
	}
}

// tell hands the products and customers over, by id.
func (s retailShop) tell(ctx context.Context, pass *Pass) error {
	for _, id := range slices.Sorted(maps.Keys(s.products)) {
		p := s.products[id]
		product := store.Product{
			ID: id, Title: p.title(), Currency: "GBP",
			Price: int64(math.Round(median(p.prices) * 100)),
		}
		if err := pass.Product(ctx, p.at, product); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.customers)) {
		c := s.customers[id]
		user := store.User{ID: id, Attributes: map[string]string{"country": c.country}}
		if err := pass.User(ctx, c.at, user); err != nil {
			return err
		}
	}
	return nil
}

// title is the most frequent description; of several, the first by name.
func (p *retailProduct) title() string {
	best := ""
	for _, title := range slices.Sorted(maps.Keys(p.titles)) {
		if p.titles[title] > p.titles[best] {
			best = title
		}
	}
	return best
}

// median sorts values, of which there is at least one, and returns the middle
// one; of two the higher, so that it is a price that was asked.
func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
