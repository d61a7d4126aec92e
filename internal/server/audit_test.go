package server

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestTheAuditOfGraphQLOverHTTPIsMetInFull runs all checks that graphql-http
// has for servers, the optional ones too.
func TestTheAuditOfGraphQLOverHTTPIsMetInFull(t *testing.T) {
	missing := ""
	if _, err := os.Stat("../../frontend/node_modules/graphql-http"); err != nil {
		missing = "frontend/node_modules has no graphql-http: run npm ci in frontend"
	} else if _, err := exec.LookPath("node"); err != nil {
		missing = "node is not installed"
	}
	if missing != "" {
		if os.Getenv("CI") == "true" {
			t.Fatal(missing)
		}
		t.Skip(missing)
	}
	output, err := exec.CommandContext(t.Context(), "node", "audit/audit.mjs", openShop(t).URL+"/graphql").CombinedOutput()
	if err != nil || !strings.HasSuffix(strings.TrimSpace(string(output)), "61 of 61") {
		t.Errorf("audit: %v, want 61 of 61\n%s", err, output)
	}
}
