package graph

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"valse/graph/model"
	"valse/store"
)

func TestThePresenterGivesEveryErrorACodeAndHidesWhatIsUnknown(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{
		{fmt.Errorf("product %q: %w", "x", store.ErrNotFound), codeNotFound},
		{&store.Invalid{Field: "first", Value: "0", Want: "more"}, codeInvalid},
		{store.ErrErased, codeErased},
		{store.ErrHeld, codeConflict},
		{errForbidden, codeForbidden},
		{errUnauthenticated, codeUnauthenticated},
		{context.DeadlineExceeded, codeTimeout},
		{errors.New("dial 10.0.0.1: secret"), codeInternal},
	} {
		var log bytes.Buffer
		e := presenter(slog.New(slog.NewTextHandler(&log, nil)))(t.Context(), c.err)
		if e.Extensions["code"] != c.code {
			t.Errorf("%v has code %v, want %s", c.err, e.Extensions["code"], c.code)
		}
		internal := c.code == codeInternal
		if strings.Contains(log.String(), c.err.Error()) != internal || strings.Contains(e.Message, "secret") {
			t.Errorf("%v: shown %q, logged %q", c.err, e.Message, log.String())
		}
	}
}

func TestUserErrorsNameThePlaceInTheInput(t *testing.T) {
	got, err := userErrors(&store.Invalid{Field: "interactions[3].value", Value: "7", Want: "at most 5"})
	want := []model.UserError{{
		Field: []string{"interactions", "3", "value"}, Code: model.UserErrorCodeInvalid,
		Message: `interactions[3].value: "7" is not at most 5`,
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("userErrors = %v (-want +got):\n%s", err, diff)
	}
	if got, err := userErrors(errForbidden); got != nil || !errors.Is(err, errForbidden) {
		t.Errorf("userErrors(forbidden) = %v, %v: want it as a top-level error", got, err)
	}
}

func TestAServerIsToldThatItNamesNoUser(t *testing.T) {
	now := time.Now()
	inputs := []model.InteractionInput{{ProductID: "p1", Type: store.View, Value: 1}}
	_, err := decodeInteractions(inputs, Identity{Role: model.RoleServer}, now)
	if want := "interactions[0].userId: not given: the request speaks for no user"; err == nil || err.Error() != want {
		t.Errorf("decodeInteractions(no userId) = %v, want %s", err, want)
	}
	if _, err := decodeInteractions(inputs, Identity{Role: model.RoleConsumer, UserID: "ann"}, now); err != nil {
		t.Errorf("decodeInteractions(of a viewer) = %v, want none", err)
	}
}

func TestAWiderRoleIncludesTheNarrowerOnes(t *testing.T) {
	roles := []model.Role{"", model.RoleConsumer, model.RoleServer, model.RoleAdmin}
	for has, role := range roles {
		for needs, other := range roles {
			if role.Includes(other) != (has >= needs) {
				t.Errorf("%q.Includes(%q) = %v", role, other, has < needs)
			}
		}
	}
}
