package server

import "testing"

const saveRules = `mutation($rules: [RuleInput!]!, $expected: Int64!) {
	saveRules(rules: $rules, expectedVersion: $expected, note: "a test") {
		book { version author note rules { ruleId kind shelves where { products maxPrice } position factor } }
		userErrors { code field message }
	}
}`

func TestRulesAreSavedTriedAndRolledBack(t *testing.T) {
	s := openShop(t)
	c, studio := s.persona(t), s.adminBrowser(t)
	if book := at[map[string]any](t, studio.must(`{ rules { version savedAt rules { ruleId } } }`, nil), "rules"); book["version"] != 0.0 || book["savedAt"] != nil {
		t.Errorf("before the first: %v", book)
	}
	pin := []vars{{"ruleId": "pin", "kind": "PIN", "position": 1, "where": vars{"products": []string{"p17"}}}}
	preview := at[[]any](t, studio.must(`query($rules: [RuleInput!]!) { previewRules(rules: $rules, userId: "ann") {
		kind title before { rank other because product { productId } } after { rank other because product { productId } } } }`, vars{"rules": pin}), "previewRules")
	if first := at[map[string]any](t, preview[0], "after", 0); at[string](t, first, "product", "productId") != "p17" || at[string](t, first, "because", 0) != "pin" {
		t.Errorf("preview = %v, want p17 first because of the pin", preview[0])
	}
	saved := at[map[string]any](t, studio.must(saveRules, vars{"rules": pin, "expected": 0}), "saveRules", "book")
	if saved["version"] != 1.0 || saved["author"] != "studio" || at[string](t, saved, "rules", 0, "where", "products", 0) != "p17" {
		t.Errorf("saved = %v", saved)
	}
	const list = `{ recommendations(first: 5) { ruleVersion items { product { productId } } } }`
	eventually(t, "the pinned product", func() bool {
		l := at[map[string]any](t, c.must(list, nil), "recommendations")
		return l["ruleVersion"] == 1.0 && at[string](t, l, "items", 0, "product", "productId") == "p17"
	})
	touched := studio.must(`{ user(id: "ann") { recommendations(first: 1) { items { rules source } } } }`, nil)
	if got := at[string](t, touched, "user", "recommendations", "items", 0, "rules", 0); got != "pin" {
		t.Errorf("touched by %q, want the pin", got)
	}
	for name, q := range map[string]vars{
		"CONFLICT": {"rules": pin, "expected": 0},
		"INVALID":  {"rules": []vars{{"ruleId": "x", "kind": "BOOST"}}, "expected": 1},
	} {
		if got := at[string](t, studio.must(saveRules, q), "saveRules", "userErrors", 0, "code"); got != name {
			t.Errorf("userErrors = %s, want %s", got, name)
		}
	}
	restored := at[map[string]any](t, studio.must(`mutation { restoreRules(version: 0, expectedVersion: 1) { book { version note rules { ruleId } } } }`, nil), "restoreRules", "book")
	if restored["version"] != 2.0 || len(at[[]any](t, restored, "rules")) != 0 {
		t.Errorf("restored = %v", restored)
	}
	if books := at[[]any](t, studio.must(`{ ruleBooks { version } }`, nil), "ruleBooks"); len(books) != 2 {
		t.Errorf("history = %v", books)
	}
	if old := at[map[string]any](t, studio.must(`{ rules(version: 1) { rules { ruleId } } }`, nil), "rules"); at[string](t, old, "rules", 0, "ruleId") != "pin" {
		t.Errorf("version 1 = %v", old)
	}
	if got := studio.must(`{ rules(version: 9) { version } }`, nil)["rules"]; got != nil {
		t.Errorf("version 9 = %v, want null", got)
	}
}

func TestConsumersSeeNothingOfRules(t *testing.T) {
	c := openShop(t).persona(t)
	for _, document := range []string{
		`{ rules { version } }`, `{ ruleBooks { version } }`, `{ previewRules(rules: []) { title } }`,
		`{ recommendations(first: 1) { items { rules } } }`,
		`mutation { restoreRules(version: 0, expectedVersion: 0) { book { version } } }`,
	} {
		if got := c.ask(document, nil); got.code() != "FORBIDDEN" {
			t.Errorf("%s: %v, want FORBIDDEN", document, got)
		}
	}
}
