package server

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"valse/graph"
	"valse/graph/model"
	"valse/store/journal"
	"valse/store/redis/redistest"
)

const whoAmI = `{ viewer { role isAnonymous user { userId name createdAt } } }`

func TestAVisitorIsTheSameUserOnEveryRequestUntilSigningInAndAnotherAfterSigningOut(t *testing.T) {
	s := openShop(t)
	c := s.browser(t)
	user := func() string { return at[string](t, c.must(whoAmI, nil), "viewer", "user", "userId") }
	first := user()
	if !strings.HasPrefix(first, "anon-") || user() != first {
		t.Errorf("a visitor is %s and then %s, want one anonymous id", first, user())
	}
	c.must(record, vars{"events": []vars{{"productId": "p01", "type": "VIEW"}}})
	if got := user(); got != first {
		t.Errorf("after an event the visitor is %s, was %s", got, first)
	}
	data := c.must(`mutation { signIn(userId: "ann") { viewer { isAnonymous user { userId } } } }`, nil)
	if got := at[string](t, data, "signIn", "viewer", "user", "userId"); got != "ann" || user() != "ann" {
		t.Errorf("signed in as %s, then %s", got, user())
	}
	c.must(`mutation { signOut { viewer { user { userId } } } }`, nil)
	if got := user(); got == first || !strings.HasPrefix(got, "anon-") {
		t.Errorf("after signing out the visitor is %s, want a new anonymous id", got)
	}
}

func TestTheDemoLetsAnyoneSignInAsAnyUserAndMakesAnAdminToken(t *testing.T) {
	s := openShop(t, func(c *Config) { c.Demo, c.AdminToken = true, "" })
	c := s.browser(t)
	data := c.must(`mutation { signIn(userId: "bob") { viewer { user { userId } } } }`, nil)
	if got := at[string](t, data, "signIn", "viewer", "user", "userId"); got != "bob" {
		t.Errorf("signed in as %s", got)
	}
	if s.server.AdminToken() == "" {
		t.Error("the demo made no admin token")
	}
	c.must(`mutation($token: String!) { adminSignIn(token: $token) { viewer { role } } }`, vars{"token": s.server.AdminToken()})
	data = c.must(whoAmI, nil)
	if got := at[string](t, data, "viewer", "role"); got != "ADMIN" {
		t.Errorf("role = %s", got)
	}
	if got := at[string](t, data, "viewer", "user", "userId"); got != "bob" {
		t.Errorf("the admin is no longer %s in the shop but %s", "bob", got)
	}
	c.must(`mutation { adminSignOut { viewer { role } } }`, nil)
	if got := at[string](t, c.must(whoAmI, nil), "viewer", "role"); got != "CONSUMER" {
		t.Errorf("after leaving the studio the role is %s", got)
	}
}

func TestTheAdminTokenIsMadeOnceAndOnlyItsHashIsKept(t *testing.T) {
	s := openShop(t)
	ctx := t.Context()
	token, err := NewAdminToken(ctx, s.store)
	if err != nil || token == "" {
		t.Fatalf("NewAdminToken = %q, %v", token, err)
	}
	if made, err := initAdminToken(ctx, s.store, "", false); err != nil || made != "" {
		t.Fatalf("the second start made %q, %v: want none", made, err)
	}
	if _, err := s.server.sessions.admin.check(ctx, "192.0.2.1", token); err != nil {
		t.Errorf("the token of the first start is refused after the second: %v", err)
	}
	stored, err := s.store.Setting(ctx, adminSecret)
	if err != nil || strings.Contains(string(stored), token) {
		t.Errorf("the store keeps the token itself (%v)", err)
	}
}

func TestANewAdminTokenEndsTheSessionsOfTheOneBefore(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	if _, err := NewAdminToken(t.Context(), s.store); err != nil {
		t.Fatal(err)
	}
	if got := admin.ask(`{ overview { partition } }`, nil).code(); got != "FORBIDDEN" {
		t.Errorf("the old session answered %q, want FORBIDDEN", got)
	}
}

func TestGuessingTheAdminTokenIsSlowedDown(t *testing.T) {
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	settings := openShop(t).store
	if _, err := initAdminToken(t.Context(), settings, "right", false); err != nil {
		t.Fatal(err)
	}
	a := &admin{settings: settings, throttle: newThrottle(func() time.Time { return now })}
	check := func(token string) error { _, err := a.check(t.Context(), "192.0.2.1", token); return err }
	for range freeFailures {
		if err := check("wrong"); err == nil || strings.Contains(err.Error(), "try again") {
			t.Fatalf("check(wrong) = %v, want a plain refusal", err)
		}
	}
	if err := check("right"); err == nil {
		t.Error("the right token passed during the pause")
	}
	if _, err := a.check(t.Context(), "192.0.2.2", "right"); err != nil {
		t.Errorf("another address has to wait as well: %v", err)
	}
	if err := check("right"); err == nil {
		t.Error("the pause ended when another address signed in")
	}
	now = now.Add(2 * time.Second)
	if err := check("wrong"); err == nil || strings.Contains(err.Error(), "try again") {
		t.Errorf("after the pause check(wrong) = %v, want a plain refusal", err)
	}
	now = now.Add(1500 * time.Millisecond)
	if err := check("right"); err == nil {
		t.Error("the second pause is no longer than the first")
	}
	now = now.Add(time.Minute)
	if err := check("right"); err != nil {
		t.Errorf("after a minute check(right) = %v", err)
	}
}

// TestWhoSendsWrongAdminTokensKeepsNobodyElseWaiting comes through a proxy, by which
// all of them have one address.
func TestWhoSendsWrongAdminTokensKeepsNobodyElseWaiting(t *testing.T) {
	s := openShop(t)
	signIn := func(address, token string) string {
		body := `{"query":"mutation($token: String!) { adminSignIn(token: $token) { viewer { role } } }","variables":{"token":"` + token + `"}}`
		request, _ := http.NewRequest(http.MethodPost, s.URL+"/graphql", strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("X-Forwarded-For", address)
		response, err := s.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		var a answer
		decode(t, response.Body, &a)
		return at[string](t, a.Data, "adminSignIn", "viewer", "role")
	}
	for range freeFailures {
		signIn("203.0.113.1", "wrong")
	}
	if got := signIn("203.0.113.1", adminToken); got != "CONSUMER" {
		t.Errorf("the right token after wrong ones from its address makes %s, want CONSUMER", got)
	}
	if got := signIn("203.0.113.2", adminToken); got != "ADMIN" {
		t.Errorf("the right token from elsewhere makes %s, want ADMIN", got)
	}
}

func TestAWrongAdminTokenIsAUserErrorThatDoesNotRepeatIt(t *testing.T) {
	c := openShop(t).browser(t)
	a := c.ask(`mutation { adminSignIn(token: "canary-token") { viewer { role } userErrors { code message } } }`, nil)
	if got := at[string](t, a.Data, "adminSignIn", "viewer", "role"); got != "CONSUMER" {
		t.Errorf("role = %s", got)
	}
	if got := at[string](t, a.Data, "adminSignIn", "userErrors", 0, "message"); strings.Contains(got, "canary") {
		t.Errorf("message %q repeats the token", got)
	}
}

func TestTheSchemeOfATokenMayBeInAnyCase(t *testing.T) {
	s := openShop(t)
	key := s.key(t)
	for _, scheme := range []string{"Bearer", "bearer", "BEARER"} {
		request, _ := http.NewRequest(http.MethodGet, s.URL+"/graphql?query={viewer{role}}", nil)
		request.Header.Set("Authorization", scheme+" "+key.bearer)
		response, err := s.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var a answer
		decode(t, response.Body, &a)
		response.Body.Close()
		if got := at[string](t, a.Data, "viewer", "role"); got != "SERVER" {
			t.Errorf("%s is answered as %s, want SERVER", scheme, got)
		}
		w := s.browser(t).dial()
		w.send(message{Type: "connection_init", Payload: json.RawMessage(`{"Authorization":"` + scheme + " " + key.bearer + `"}`)})
		if m := w.read(); m.Type != "connection_ack" {
			t.Errorf("%s on a socket is answered %+v", scheme, m)
		}
	}
}

func TestForgedAndForeignTokensProveNothing(t *testing.T) {
	s := openShop(t)
	sessions := s.server.sessions
	sign := func(method jwt.SigningMethod, key any, change func(*claims)) string {
		c := newClaims("ann", false, "")
		c.Issuer, c.Audience = "valse/test", jwt.ClaimStrings{audienceConsumer}
		c.IssuedAt, c.ExpiresAt = jwt.NewNumericDate(time.Now()), jwt.NewNumericDate(time.Now().Add(time.Hour))
		change(&c)
		token, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	same := func(*claims) {}
	secret := sessions.secret
	for name, token := range map[string]string{
		"no signature":      sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, same),
		"another algorithm": sign(jwt.SigningMethodHS512, secret, same),
		"another secret":    sign(jwt.SigningMethodHS256, []byte("guess"), same),
		"another partition": sign(jwt.SigningMethodHS256, secret, func(c *claims) { c.Issuer = "valse/other" }),
		"for the studio":    sign(jwt.SigningMethodHS256, secret, func(c *claims) { c.Audience = jwt.ClaimStrings{audienceAdmin} }),
		"expired":           sign(jwt.SigningMethodHS256, secret, func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Minute)) }),
		"never expiring":    sign(jwt.SigningMethodHS256, secret, func(c *claims) { c.ExpiresAt = nil }),
		"nonsense":          "a.b.c",
	} {
		if i, err := sessions.Authenticate(t.Context(), token); err == nil || i != (graph.Identity{}) {
			t.Errorf("%s: Authenticate = %+v, %v", name, i, err)
		}
	}
	good := sign(jwt.SigningMethodHS256, secret, same)
	if i, err := sessions.Authenticate(t.Context(), good); err != nil || i.UserID != "ann" || i.Role != model.RoleConsumer {
		t.Errorf("the control: Authenticate = %+v, %v", i, err)
	}
}

func TestAViewerTokenSpeaksForItsUserOnly(t *testing.T) {
	s := openShop(t)
	data := s.key(t).must(`mutation { createViewerToken(userId: "bob", hours: 1) { token expiresAt userErrors { message } } }`, nil)
	bob := s.bearing(t, at[string](t, data, "createViewerToken", "token"))
	if got := at[string](t, bob.must(whoAmI, nil), "viewer", "user", "name"); got != "Bob" {
		t.Errorf("the token speaks for %s", got)
	}
	bob.must(`mutation { recordInteractions(interactions: [{userId: "bob", productId: "p01", type: LIKE}]) { results { outcome } } }`, nil)
	for _, document := range []string{
		`mutation { recordInteractions(interactions: [{userId: "ann", productId: "p01", type: LIKE}]) { results { outcome } } }`,
		`{ interactions(userId: "ann") { nodes { id } } }`, `{ user(id: "ann") { name } }`, `{ node(id: "VXNlcjphbm4=") { id } }`,
	} {
		if got := bob.ask(document, nil).code(); got != "FORBIDDEN" {
			t.Errorf("%s answered %s, want FORBIDDEN", document, got)
		}
	}
}

func TestAnAPIKeyServesUntilItIsRevoked(t *testing.T) {
	s := openShop(t)
	admin := s.adminBrowser(t)
	data := admin.must(`mutation { createApiKey(name: "backend") { secret apiKey { id keyId prefix name } userErrors { message } } }`, nil)
	secret := at[string](t, data, "createApiKey", "secret")
	key := s.bearing(t, secret)
	if got := at[string](t, key.must(whoAmI, nil), "viewer", "role"); got != "SERVER" {
		t.Errorf("role = %s", got)
	}
	id := at[string](t, data, "createApiKey", "apiKey", "keyId")
	stored, err := s.store.Setting(t.Context(), keySettings+id)
	if err != nil || strings.Contains(string(stored), strings.SplitN(secret, "_", 3)[2]) {
		t.Errorf("the store keeps the secret itself (%v)", err)
	}
	if got := s.bearing(t, secret+"x").ask(`{ recommendations(userId: "ann") { source } }`, nil).code(); got != "UNAUTHENTICATED" {
		t.Errorf("a wrong secret answered %s", got)
	}
	if got := at[string](t, admin.must(`{ apiKeys { prefix name } }`, nil), "apiKeys", 0, "name"); got != "backend" {
		t.Errorf("apiKeys lists %s", got)
	}
	admin.must(`mutation($id: ID!) { revokeApiKey(id: $id) { apiKey { name } } }`, vars{"id": at[string](t, data, "createApiKey", "apiKey", "id")})
	if got := key.ask(`{ recommendations(userId: "ann") { source } }`, nil).code(); got != "UNAUTHENTICATED" {
		t.Errorf("a revoked key answered %s", got)
	}
}

// TestAKeyOfAnotherServerIsNotCalledWrongWhileRedisIsAway makes a key that this
// server has no copy of before Redis dies.
func TestAKeyOfAnotherServerIsNotCalledWrongWhileRedisIsAway(t *testing.T) {
	redis, o := redistest.Start(t), journal.Options{TidyEvery: time.Hour, Logger: slog.New(slog.DiscardHandler)}
	here, elsewhere := behindJournal(t, redis, o), behindJournal(t, redis, o)
	t.Cleanup(func() { elsewhere.Close() })
	fill(t, here)
	s := openShopOver(t, here)
	made, text, err := NewKeys(elsewhere).Create(t.Context(), "backend", []model.Scope{model.ScopeRead})
	if err != nil {
		t.Fatal(err)
	}
	list := `{ recommendations(first: 3) { source ruleVersion } }` // needs settings that nobody has made
	s.browser(t).must(list, nil)
	redis.Kill()
	response := s.bearing(t, text).do(http.MethodPost, "/graphql", "application/json", strings.NewReader(`{"query":"{ viewer { role } }"}`))
	response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("a request with the key is answered %d, want 503", response.StatusCode)
	}
	if !s.server.sessions.holds(t.Context(), keyProof(made.ID)) {
		t.Error("the key's streams are ended")
	}
	s.browser(t).must(list, nil)
}

func TestSessionCookiesAreOutOfReachForScriptsAndOtherSites(t *testing.T) {
	s := openShop(t)
	response := s.browser(t).do(http.MethodPost, "/graphql", "application/json", strings.NewReader(`{"query":"{viewer{role}}"}`))
	defer response.Body.Close()
	cookies := response.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Name != consumerCookie {
		t.Errorf("cookies = %v, want one that is HttpOnly and SameSite=Lax", cookies)
	}
	request, _ := http.NewRequest(http.MethodPost, s.URL+"/graphql", strings.NewReader(`{"query":"mutation{signOut{viewer{role}}}"}`))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "https://elsewhere.example")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	foreign, err := s.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	foreign.Body.Close()
	if foreign.StatusCode != http.StatusForbidden {
		t.Errorf("a request from another site is answered %d, want 403", foreign.StatusCode)
	}
}
