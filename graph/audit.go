package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"valse/graph/model"
	"valse/store"
)

// authorize is @auth. What an admin changes goes to the audit log.
func (r *Resolver) authorize(ctx context.Context, _ any, next graphql.Resolver, requires model.Role, scope model.Scope) (any, error) {
	i := IdentityOf(ctx)
	field := graphql.GetFieldContext(ctx)
	audited := field.Object == "Mutation" && (requires == model.RoleAdmin || i.Role == model.RoleAdmin)
	err := i.require(requires)
	if err == nil {
		err = i.may(scope)
	}
	if err != nil {
		return nil, err
	}
	result, err := next(ctx)
	if audited && requires != model.RoleConsumer {
		r.audit(ctx, field.Field.Name, field.Args, outcomeOf(field.Field.Name, result, err))
	}
	return result, err
}

// audit records what the caller did. That it could not be recorded is logged
// and does not undo it.
func (r *Resolver) audit(ctx context.Context, name string, arguments map[string]any, outcome string) {
	i := IdentityOf(ctx)
	a := store.Action{
		Time: r.Clock(), Actor: actorOf(i), Address: i.Address,
		Name: name, Detail: detailOf(name, arguments), Outcome: outcome,
	}
	if err := r.Store.RecordAction(context.WithoutCancel(ctx), a); err != nil {
		r.Logger.ErrorContext(ctx, "audit log", "action", name, "error", err)
	}
}

// auditSignIn records who signed in and who tried a wrong token, but not those
// that are told to wait: they would fill the log.
func (r *Resolver) auditSignIn(ctx context.Context, i Identity, err error) {
	outcome := "done"
	if err != nil {
		outcome = err.Error()
	}
	if refused := (*SignInError)(nil); !errors.As(err, &refused) || !refused.Wait {
		r.audit(WithIdentity(ctx, i), "adminSignIn", nil, outcome)
	}
}

// actorOf names the session by what shows nothing of its token.
func actorOf(i Identity) string {
	_, session, _ := strings.Cut(i.Proofs[1], "/")
	if session == "" {
		return "nobody signed in"
	}
	return "studio session " + session[:min(8, len(session))]
}

// maxDetail bounds what is kept of an action's arguments in bytes.
const maxDetail = 1000

// erases are the mutations after which a user shall be gone from the log too, or
// whose user may be erased another day.
var erases = map[string]bool{"eraseUser": true, "exportUser": true, "mergeUsers": true}

// detailOf shows the arguments. Who is erased shall be gone from the log too,
// so users are named by a hash.
func detailOf(name string, arguments map[string]any) string {
	shown := map[string]any{}
	for key, value := range arguments {
		if id, ok := value.(string); ok && (erases[name] || key == "userId") {
			value = hashedUser(id)
		}
		shown[key] = value
	}
	if name == "putUsers" {
		shown = nil
	}
	text, err := json.Marshal(shown)
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(string(text[:min(len(text), maxDetail)]), "")
}

func hashedUser(id string) string {
	sum := sha256.Sum256([]byte(model.LocalID(model.KindUser, id)))
	return "user " + hex.EncodeToString(sum[:6])
}

// outcomeOf is "done", or the first problem of a payload, or the error's code.
// Of problems with who is erased it is the code, since their words name the user.
func outcomeOf(name string, result any, err error) string {
	if err != nil {
		return strings.ToLower(codeOf(err))
	}
	// Payloads share the field and no interface.
	if payload := reflect.Indirect(reflect.ValueOf(result)); payload.Kind() == reflect.Struct {
		if problems := payload.FieldByName("UserErrors"); problems.IsValid() && problems.Len() > 0 {
			problem := problems.Index(0).Interface().(model.UserError)
			if erases[name] {
				return strings.ToLower(string(problem.Code))
			}
			return problem.Message
		}
	}
	return "done"
}
