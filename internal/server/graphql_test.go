package server

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWalkingAConnectionMeetsEveryVisibleProductOnceInOneCallPerPage(t *testing.T) {
	s := openShop(t)
	c := s.persona(t)
	const document = `query($after: String) { products(first: 7, after: $after) {
		totalCount
		edges { cursor node { id productId } }
		nodes { productId title viewerRating vendor { name productCount } category { path productCount } }
		pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`
	var seen []string
	var after any
	for page := 0; ; page++ {
		s.store.counted()
		data := c.must(document, vars{"after": after})
		calls := s.store.counted()
		if want := map[string]int{"Products": 1, "Ratings": 1, "Categories": 1, "Vendors": 1}; !cmp.Equal(calls, want) {
			t.Errorf("page %d called the store %v, want %v", page, calls, want)
		}
		connection := at[map[string]any](t, data, "products")
		if total := at[float64](t, connection, "totalCount"); total != 29 {
			t.Errorf("totalCount = %v, want 29: the hidden one is not listed", total)
		}
		edges := at[[]any](t, connection, "edges")
		for i := range edges {
			id := at[string](t, edges, i, "node", "productId")
			if at[string](t, connection, "nodes", i, "productId") != id {
				t.Errorf("nodes and edges differ at %d", i)
			}
			seen = append(seen, id)
		}
		info := at[map[string]any](t, connection, "pageInfo")
		if got := at[bool](t, info, "hasPreviousPage"); got != (page > 0) {
			t.Errorf("page %d: hasPreviousPage = %v", page, got)
		}
		if at[string](t, info, "endCursor") != at[string](t, edges, len(edges)-1, "cursor") {
			t.Errorf("page %d: endCursor is not the last edge's", page)
		}
		if !at[bool](t, info, "hasNextPage") {
			break
		}
		after = info["endCursor"]
	}
	if len(seen) != 29 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 29 {
		t.Errorf("walked %v, want the 29 visible products by title, each once", seen)
	}
}

func TestShelvesLoadAllTheirProductsInOneCall(t *testing.T) {
	s := openShop(t)
	c := s.persona(t)
	c.must(record, vars{"events": []vars{
		{"eventId": "1", "productId": "p01", "type": "PURCHASE"}, {"eventId": "2", "productId": "p05", "type": "VIEW"},
	}})
	s.store.counted()
	data := c.must(`{ shelves(page: HOME) { kind title subject { productId } list { items { rank product { productId viewerRating } } } } }`, nil)
	calls := s.store.counted()
	if calls["ProductsByID"] > 2 || calls["Ratings"] > 1 || calls["Product"] > 0 {
		t.Errorf("shelves called the store %v, want products in one call (subjects in another) and one of Ratings", calls)
	}
	shelves := at[[]any](t, data, "shelves")
	if len(shelves) < 2 {
		t.Fatalf("%d shelves, want several", len(shelves))
	}
	seen := map[string]bool{}
	for i := range shelves {
		items := at[[]any](t, shelves, i, "list", "items")
		if len(items) == 0 {
			t.Errorf("shelf %v is empty", shelves[i])
		}
		for n := range items {
			id := at[string](t, items, n, "product", "productId")
			if seen[id] {
				t.Errorf("%s is on two shelves", id)
			}
			seen[id] = true
		}
	}
}

const record = `mutation($events: [InteractionInput!]!) { recordInteractions(interactions: $events) {
	results { eventId outcome } userErrors { field message code } } }`

func TestAListMayBeAsLongAsItsLimitSays(t *testing.T) {
	s := openShop(t, func(c *Config) { c.Limits.Lists = 300 })
	c := s.key(t)
	list := func(n int, entry func(i int) vars) vars {
		entries := make([]vars, n)
		for i := range entries {
			entries[i] = entry(i)
		}
		return vars{"list": entries}
	}
	for _, m := range []struct {
		name, document string
		entry          func(i int) vars
	}{
		{"putProducts", `mutation($list: [ProductInput!]!) { putProducts(products: $list) { userErrors { message } } }`,
			func(i int) vars { return vars{"productId": fmt.Sprintf("more-%d", i), "title": "More"} }},
		{"putUsers", `mutation($list: [UserInput!]!) { putUsers(users: $list) { userErrors { message } } }`,
			func(i int) vars { return vars{"userId": fmt.Sprintf("more-%d", i)} }},
		{"recordInteractions", `mutation($list: [InteractionInput!]!) { recordInteractions(interactions: $list) { userErrors { message } } }`,
			func(i int) vars {
				return vars{"eventId": fmt.Sprint(i), "userId": "bob", "productId": "p01", "type": "VIEW"}
			}},
	} {
		if errs := at[[]any](t, c.must(m.document, list(300, m.entry)), m.name, "userErrors"); len(errs) > 0 {
			t.Errorf("%s of 300: %v", m.name, errs)
		}
		if code := c.ask(m.document, list(301, m.entry)).code(); code != "TOO_LARGE" {
			t.Errorf("%s of 301 is answered %q, want TOO_LARGE", m.name, code)
		}
	}
}

func TestRecordingAnEventAgainChangesNothing(t *testing.T) {
	s := openShop(t)
	c := s.persona(t)
	outcomes := func(events ...vars) (list []string) {
		results := at[[]any](t, c.must(record, vars{"events": events}), "recordInteractions", "results")
		for i := range results {
			list = append(list, at[string](t, results, i, "outcome"))
		}
		return list
	}
	timed := vars{"eventId": "a", "productId": "p01", "type": "RATING", "value": 4, "time": "2026-03-01T10:00:00Z"}
	untimed := vars{"eventId": "b", "productId": "p02", "type": "LIKE"}
	if got := outcomes(timed, untimed); !cmp.Equal(got, []string{"CREATED", "CREATED"}) {
		t.Errorf("first time: %v", got)
	}
	if got := outcomes(timed, untimed); !cmp.Equal(got, []string{"EXISTS", "EXISTS"}) {
		t.Errorf("second time: %v, want EXISTS also for the event without a time", got)
	}
	other := vars{"eventId": "b", "productId": "p03", "type": "LIKE"}
	if got := outcomes(other, untimed); !cmp.Equal(got, []string{"CONFLICT", "EXISTS"}) {
		t.Errorf("another event under the same id, and the same again: %v", got)
	}
	data := c.must(`{ interactions { nodes { eventId type value product { productId } } } viewer { user { history(types: [RATING]) { nodes { id eventId } } } } }`, nil)
	if n := len(at[[]any](t, data, "interactions", "nodes")); n != 2 {
		t.Errorf("history has %d events, want 2", n)
	}
	id := at[string](t, data, "viewer", "user", "history", "nodes", 0, "id")
	node := c.must(`query($id: ID!) { node(id: $id) { id ... on Interaction { eventId } } }`, vars{"id": id})
	if got := at[string](t, node, "node", "eventId"); got != "a" {
		t.Errorf("node(%s) is event %s, want a", id, got)
	}
}

func TestRatingsOfTheViewerLieOverTheCatalogue(t *testing.T) {
	s := openShop(t)
	ann, visitor := s.persona(t), s.browser(t)
	ann.must(record, vars{"events": []vars{
		{"productId": "p00", "type": "RATING", "value": 2},
		{"productId": "p01", "type": "RATING", "value": 4.5},
	}})
	ann.must(record, vars{"events": []vars{{"productId": "p00", "type": "RATING", "value": 0}}})
	const document = `{ products(first: 3) { nodes { viewerRating } } }`
	ratings := func(c *client) []any {
		nodes := at[[]any](t, c.must(document, nil), "products", "nodes")
		for i := range nodes {
			nodes[i] = nodes[i].(map[string]any)["viewerRating"]
		}
		return nodes
	}
	if got, want := ratings(ann), []any{nil, 4.5, nil}; !cmp.Equal(got, want) {
		t.Errorf("Ann sees %v, want %v: a rating of 0 takes it back", got, want)
	}
	if got, want := ratings(visitor), []any{nil, nil, nil}; !cmp.Equal(got, want) {
		t.Errorf("a visitor sees %v, want %v", got, want)
	}
}

func TestAHideOfZeroTakesTheHideBack(t *testing.T) {
	s := openShop(t)
	c := s.persona(t)
	list := func() (ids []string) {
		items := at[[]any](t, c.must(`{ recommendations(first: 5) { items { product { productId } } } }`, nil), "recommendations", "items")
		for i := range items {
			ids = append(ids, at[string](t, items, i, "product", "productId"))
		}
		return ids
	}
	before := list()
	for range 2 {
		c.must(record, vars{"events": []vars{{"productId": before[0], "type": "HIDE"}}})
		if got := list(); slices.Contains(got, before[0]) {
			t.Errorf("the list is %v, want it without %s, which was hidden", got, before[0])
		}
		c.must(record, vars{"events": []vars{{"productId": before[0], "type": "HIDE", "value": 0}}})
		if got := list(); !cmp.Equal(got, before) {
			t.Errorf("the list is %v, want %v as before the hide", got, before)
		}
	}
	data := c.must(record, vars{"events": []vars{{"productId": before[0], "type": "HIDE", "value": -1}}})
	if code := at[string](t, data, "recordInteractions", "userErrors", 0, "code"); code != "INVALID" {
		t.Errorf("a hide of -1 is %s, want INVALID", code)
	}
}

func TestAnInvalidEventRefusesTheBatchAndNamesItsField(t *testing.T) {
	s := openShop(t)
	c := s.persona(t)
	long := strings.Repeat("x", 257)
	for field, bad := range map[string]vars{
		"value":            {"eventId": "bad", "productId": "p01", "type": "RATING", "value": 7},
		"eventId":          {"eventId": long, "productId": "p01", "type": "VIEW"},
		"productId":        {"eventId": "bad", "productId": long, "type": "VIEW"},
		"basket":           {"eventId": "bad", "productId": "p01", "type": "VIEW", "basket": long},
		"recommendationId": {"eventId": "bad", "productId": "p01", "type": "VIEW", "recommendationId": long},
		"time":             {"eventId": "bad", "productId": "p01", "type": "VIEW", "time": "2999-01-01T00:00:00Z"},
	} {
		data := c.must(record, vars{"events": []vars{{"eventId": "good", "productId": "p01", "type": "VIEW", "basket": long[1:]}, bad}})
		problem := at[map[string]any](t, data, "recordInteractions", "userErrors", 0)
		if want := []any{"interactions", "1", field}; !cmp.Equal(problem["field"], want) || problem["code"] != "INVALID" {
			t.Errorf("userErrors = %v, want field %v", problem, want)
		}
	}
	if n := len(at[[]any](t, c.must(`{ interactions { nodes { id } } }`, nil), "interactions", "nodes")); n != 0 {
		t.Errorf("%d events were stored, want none", n)
	}
}

func TestErrorsHaveStableCodes(t *testing.T) {
	s := openShop(t)
	visitor, key := s.browser(t), s.key(t)
	for _, c := range []struct {
		name, document, code string
		client               *client
	}{
		{"a document that does not parse", `{`, "GRAPHQL_PARSE_FAILED", visitor},
		{"a field that is not there", `{ nothing }`, "GRAPHQL_VALIDATION_FAILED", visitor},
		{"a page that is too long", `{ products(first: 101) { totalCount } }`, "INVALID", visitor},
		{"a page of nothing", `{ products(first: 0) { totalCount } }`, "INVALID", visitor},
		{"a cursor that was never handed out", `{ products(after: "nonsense") { totalCount } }`, "INVALID", visitor},
		{"too many days", `{ overview { activity(days: 401) { day } } }`, "INVALID", s.adminBrowser(t)},
		{"a time that is none", `mutation { recordInteractions(interactions: [{productId: "p01", type: VIEW, time: "soon"}]) { results { outcome } } }`, "INVALID", visitor},
		{"neighbours of an unknown product", `{ similar(productId: "no such") { source } }`, "NOT_FOUND", visitor},
		{"someone else's list", `{ recommendations(userId: "bob") { source } }`, "FORBIDDEN", visitor},
		{"an admin's field", `{ overview { partition } }`, "FORBIDDEN", key},
		{"a server that speaks for nobody", `{ recommendations { source } }`, "INVALID", key},
		{"sign-in as a user without a persona", `mutation { signIn(userId: "bob") { viewer { role } } }`, "FORBIDDEN", visitor},
		{"hidden products for a visitor", `{ products(filter: {includeHidden: true}) { totalCount } }`, "FORBIDDEN", visitor},
		{"a wrong bearer token", `{ recommendations { source } }`, "UNAUTHENTICATED", s.bearing(t, "vk_no_key")},
		{"a fragment that includes itself", `{ product(id: "p01") { ...A } } fragment A on Product { id similar { items { product { ...A } } } }`, "GRAPHQL_VALIDATION_FAILED", visitor},
		{"a page of pages of pages", `{ products(first: 100) { nodes { similar(first: 100) { items { product { title } } } } } }`, "COMPLEXITY_LIMIT_EXCEEDED", visitor},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.client.ask(c.document, nil); got.code() != c.code {
				t.Errorf("%s answered %+v, want code %s", c.document, got, c.code)
			}
		})
	}
	if log := s.log.String(); slices.Contains([]string{"INTERNAL"}, log) || len(log) > 0 {
		t.Errorf("callers' mistakes were logged:\n%s", log)
	}
}

func TestInvalidArgumentsNameFieldValueAndWhatIsWanted(t *testing.T) {
	a := openShop(t).browser(t).ask(`{ products(first: 101) { totalCount } }`, nil)
	got := a.Errors[0].Extensions
	want := map[string]any{"code": "INVALID", "field": "first", "value": "101", "want": "a number from 1 to 100"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("extensions (-want +got):\n%s", diff)
	}
}

func TestWhatIsUnknownIsNullAndNeverAnInternalError(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	for _, field := range []string{
		`user(id: "nobody")`, `product(id: "nothing")`, `category(path: "Nowhere")`, `node(id: "nonsense")`,
		fmt.Sprintf(`node(id: %q)`, base64.StdEncoding.EncodeToString([]byte("Product:nothing"))),
		fmt.Sprintf(`node(id: %q)`, base64.StdEncoding.EncodeToString([]byte("Run:nothing"))),
		fmt.Sprintf(`node(id: %q)`, base64.StdEncoding.EncodeToString([]byte("Interaction:ann"))),
		`run(id: "nothing")`, `model(id: "nothing")`,
	} {
		a := admin.ask(`{ it: `+field+` { id } }`, nil)
		if len(a.Errors) > 0 || a.Data["it"] != nil {
			t.Errorf("%s answered %+v, want null", field, a)
		}
	}
	data := admin.must(`{ recommendations(userId: "nobody", first: 5) { source items { product { productId } } } }`, nil)
	if n := len(at[[]any](t, data, "recommendations", "items")); n != 5 {
		t.Errorf("someone unknown gets %d products, want 5 best-sellers", n)
	}
	for _, mutation := range []string{
		`deleteProduct(id: "nothing") { userErrors { code } }`, `hideProduct(id: "nothing") { userErrors { code } }`,
		`cancelRun(id: "nothing") { userErrors { code } }`, `publishModel(id: "nothing") { userErrors { code } }`,
		`deleteModel(id: "nothing") { userErrors { code } }`, `exportUser(id: "nobody") { userErrors { code } }`,
		`revokeApiKey(id: "nothing") { userErrors { code } }`, `signIn(userId: "nobody") { userErrors { code } }`,
		`startImport(input: {source: "csv", files: [{uploadId: "../../etc"}]}) { userErrors { code } }`,
	} {
		data := admin.must(`mutation { it: `+mutation+` }`, nil)
		if code := at[string](t, data, "it", "userErrors", 0, "code"); code != "NOT_FOUND" {
			t.Errorf("%s answered %s, want NOT_FOUND", mutation, code)
		}
	}
}

func TestOwnIdsAndGlobalIdsNameTheSameProduct(t *testing.T) {
	c := openShop(t).browser(t)
	id := at[string](t, c.must(`{ product(id: "p07") { id } }`, nil), "product", "id")
	data := c.must(`query($id: ID!) { product(id: $id) { productId imageUrl price { amount formatted } }
		node(id: $id) { ... on Product { title } } nodes(ids: [$id, "nonsense"]) { id } similar(productId: $id, first: 3) { items { product { productId } } } }`, vars{"id": id})
	if got := at[string](t, data, "product", "productId"); got != "p07" {
		t.Errorf("product(%s) is %s", id, got)
	}
	if got := at[string](t, data, "product", "imageUrl"); got != "/covers/p07.svg" {
		t.Errorf("imageUrl = %s", got)
	}
	if got := at[string](t, data, "product", "price", "formatted"); got != "€1.07" {
		t.Errorf("price = %s", got)
	}
	if got := at[string](t, data, "node", "title"); got != "Product 07" {
		t.Errorf("node is %s", got)
	}
	if nodes := at[[]any](t, data, "nodes"); nodes[0] == nil || nodes[1] != nil {
		t.Errorf("nodes = %v", nodes)
	}
	if n := len(at[[]any](t, data, "similar", "items")); n != 3 {
		t.Errorf("similar has %d, want 3", n)
	}
}

func TestHiddenProductsAreForAdminsOnly(t *testing.T) {
	s := openShop(t)
	const document = `{ product(id: "p29") { productId } products(filter: {search: "Product 29"}) { totalCount } }`
	data := s.browser(t).must(document, nil)
	if data["product"] != nil || at[float64](t, data, "products", "totalCount") != 0 {
		t.Errorf("a visitor sees %v", data)
	}
	for who, want := range map[*client]int{s.browser(t): http.StatusNotFound, s.adminBrowser(t): http.StatusOK} {
		if response, _ := who.get("/covers/p29.svg"); response.StatusCode != want || strings.Contains(response.Header.Get("Cache-Control"), "public") {
			t.Errorf("its cover is answered %d, kept as %q; want %d, and kept by nobody", response.StatusCode, response.Header.Get("Cache-Control"), want)
		}
	}
	data = s.adminBrowser(t).must(`{ product(id: "p29") { productId hidden similar { items { rank } } } }`, nil)
	if !at[bool](t, data, "product", "hidden") {
		t.Errorf("an admin sees %v", data)
	}
}

func TestProductsArePutWholeAndRefusedWhole(t *testing.T) {
	s := openShop(t)
	c := s.key(t)
	const document = `mutation($products: [ProductInput!]!) { putProducts(products: $products) {
		created updated products { productId price { formatted } attributes { name value } } userErrors { field code message } } }`
	data := c.must(document, vars{"products": []vars{
		{"productId": "new/1", "title": "New", "price": 129900, "currency": "JPY", "attributes": []vars{{"name": "colour", "value": "red"}}},
		{"productId": "p00", "title": "Renamed"},
	}})
	payload := at[map[string]any](t, data, "putProducts")
	if payload["created"] != 1.0 || payload["updated"] != 1.0 {
		t.Errorf("payload = %v, want one created and one updated", payload)
	}
	if got := at[string](t, payload, "products", 0, "price", "formatted"); got != "¥129,900" {
		t.Errorf("price = %s", got)
	}
	data = c.must(document, vars{"products": []vars{{"productId": "fine", "title": "Fine"}, {"productId": "bad", "title": "Bad", "price": 5}}})
	if got, want := at[[]any](t, data, "putProducts", "userErrors", 0, "field"), []any{"products", "1", "currency"}; !cmp.Equal(got, want) {
		t.Errorf("field = %v, want %v", got, want)
	}
	if data := c.must(`{ product(id: "fine") { id } }`, nil); data["product"] != nil {
		t.Errorf("a product of a refused list was stored")
	}
}
