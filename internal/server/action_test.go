package server

import (
	"net/http"
	"strings"
	"testing"
)

const auditLog = `{ actions { id actor address name detail outcome } }`

func TestTheAuditLogHasWhatAdminsDidAndNoSecrets(t *testing.T) {
	s := openShop(t)
	s.browser(t).ask(`mutation { adminSignIn(token: "canary-wrong") { viewer { role } } }`, nil)
	admin := s.adminBrowser(t)
	data := admin.must(`mutation { createApiKey(name: "backend", scopes: [READ]) { secret apiKey { keyId } } }`, nil)
	secret := at[string](t, data, "createApiKey", "secret")
	admin.must(`mutation { hideProduct(id: "p03") { product { id } } }`, nil)
	admin.must(`mutation { publishModel(id: "nothing") { userErrors { code } } }`, nil)
	admin.must(`mutation { eraseUser(id: "bob") { userErrors { code } } }`, nil)
	admin.must(`mutation { exportUser(id: "bob") { userErrors { code } } }`, nil)
	admin.must(`mutation { mergeUsers(from: "bob", into: "ann") { userErrors { code } } }`, nil)
	admin.must(`mutation { recordInteractions(interactions: [{productId: "p01", type: VIEW}]) { results { outcome } } }`, nil)
	s.bearing(t, secret).ask(`mutation { hideProduct(id: "p04") { product { id } } }`, nil)

	actions := at[[]any](t, admin.must(auditLog, nil), "actions")
	var got []string
	for i := range actions {
		a := actions[i].(map[string]any)
		got = append(got, a["name"].(string)+": "+a["outcome"].(string))
		if a["address"] != "127.0.0.1" {
			t.Errorf("%v came from %v", a["name"], a["address"])
		}
		for _, canary := range []string{"canary", secret, adminToken, `bob`} {
			for _, text := range a {
				if strings.Contains(text.(string), canary) {
					t.Errorf("the log has %q: %v", canary, a)
				}
			}
		}
	}
	want := []string{
		"mergeUsers: done", "exportUser: not_found", "eraseUser: done", `publishModel: model "nothing": not found`, "hideProduct: done", "createApiKey: done",
		"adminSignIn: done", "adminSignIn: this is not the admin token",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	page := at[[]any](t, admin.must(`query($after: ID) { actions(first: 2, after: $after) { name } }`, vars{"after": actions[5].(map[string]any)["id"]}), "actions")
	if len(page) != 2 || at[string](t, page, 0, "name") != "adminSignIn" {
		t.Errorf("the page after the sixth is %v", page)
	}
	if code := admin.ask(`{ actions(after: "nonsense") { id } }`, nil).code(); code != "INVALID" {
		t.Errorf("a page after nonsense is answered %q", code)
	}
}

// TestSecretsAreNowhereToBeFound walks through what has secrets and searches
// answers, log and metrics for them.
func TestSecretsAreNowhereToBeFound(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	data := admin.must(`mutation { createApiKey(name: "backend") { secret } }`, nil)
	secret := at[string](t, data, "createApiKey", "secret")
	key := s.bearing(t, secret)
	token := at[string](t, key.must(`mutation { createViewerToken(userId: "bob") { token } }`, nil), "createViewerToken", "token")
	request, _ := http.NewRequest(http.MethodGet, s.URL, nil)
	canaries := []string{secret, token, adminToken, "canary-password"}
	for _, cookie := range admin.http.Jar.Cookies(request.URL) {
		canaries = append(canaries, cookie.Value)
	}
	var answers strings.Builder
	for _, c := range []*client{admin, key, s.bearing(t, token), s.bearing(t, secret+"x"), s.bearing(t, token+"x")} {
		for _, document := range []string{
			auditLog, `{ apiKeys { name prefix } }`, `{ viewer { role user { userId } } }`, `{ nothing }`, `{`, `query Q($x: Nope) { viewer { role } }`,
			`mutation { adminSignIn(token: "canary-password") { userErrors { message } } }`, `{ users(first: 0) { totalCount } }`,
		} {
			response := c.do(http.MethodPost, "/graphql", "application/json", strings.NewReader(`{"query":`+quote(document)+`}`))
			var a any
			decode(t, response.Body, &a)
			response.Body.Close()
			answers.WriteString(quote(a))
		}
	}
	s.store.faulty.Store(true)
	admin.ask(`{ users { totalCount } }`, nil)
	_, metrics := admin.get("/metrics")
	for place, text := range map[string]string{"answers": answers.String(), "the log": s.log.String(), "the metrics": metrics} {
		for _, canary := range canaries {
			if strings.Contains(text, canary) {
				t.Errorf("%s have %q", place, canary)
			}
		}
	}
}
