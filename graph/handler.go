package graph

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	gqllru "github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"valse/graph/generated"
	"valse/internal/lru"
	"valse/store"
)

func init() {
	// Refusals before execution are the protocol's, like those of validation.
	for _, code := range []string{codeTooLarge, codeRateLimited, codeTooComplex} {
		errcode.RegisterErrorType(code, errcode.KindProtocol)
	}
}

// NewHandler serves the schema over POST, GET, server-sent events and
// WebSocket (graphql-transport-ws). The request's context carries the
// [Identity].
func NewHandler(c Config) http.Handler {
	c = c.withDefaults()
	r := &Resolver{Config: c, seen: lru.New[string, seenProduct](productsKept)}
	schema := generated.NewExecutableSchema(generated.Config{
		Resolvers:  r,
		Directives: generated.DirectiveRoot{Auth: r.authorize},
		Complexity: complexities(),
	})
	h := handler.New(schema)
	h.AddTransport(socketTransport{transport.Websocket{InitFunc: r.initSocket, PingPongInterval: c.Limits.Ping}, c.Limits})
	h.AddTransport(transport.SSE{KeepAlivePingInterval: c.Limits.Ping})
	h.AddTransport(plainHTTP{c.Throttle})
	h.AddTransport(noTransport{})

	h.SetErrorPresenter(presenter(c.Logger))
	h.SetRecoverFunc(recoverFault)
	h.SetParserTokenLimit(c.Limits.Tokens)
	h.SetQueryCache(gqllru.New[*ast.QueryDocument](1000))
	h.SetDisableSuggestion(!c.Introspection.Allows(Identity{}))
	h.Use(introspection{c.Introspection})
	h.Use(extension.AutomaticPersistedQuery{Cache: shortTexts{gqllru.New[string](1000), c.Limits.Document}})
	h.Use(newGuard(c.Limits))
	if c.Known != nil {
		h.Use(c.Known)
	}
	h.Use(newBudget(c))
	h.Use(responseScope{r})
	h.Use(newReady(r))
	h.Use(newDirect())
	return http.MaxBytesHandler(checkStream(h), c.Limits.Body)
}

// shortTexts keeps persisted documents, but none that the guard would refuse for
// its length: they are kept before the guard sees them.
type shortTexts struct {
	graphql.Cache[string]
	longest int
}

// Add keeps a document.
func (c shortTexts) Add(ctx context.Context, hash, document string) {
	if len(document) <= c.longest {
		c.Cache.Add(ctx, hash, document)
	}
}

// initSocket lets a browser, which cannot set headers of a WebSocket, send its
// token with the first message instead.
func (r *Resolver) initSocket(ctx context.Context, payload transport.InitPayload) (context.Context, *transport.InitPayload, error) {
	token := payload.Authorization()
	if token == "" {
		return ctx, nil, nil
	}
	forbidden := transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, "Forbidden"), int(closeForbidden))
	i, err := r.Sessions.Authenticate(ctx, token)
	if errors.Is(err, store.ErrUnavailable) {
		return transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, "Try again later"), int(websocket.StatusTryAgainLater)), nil, err
	}
	if err != nil {
		return forbidden, nil, errUnauthenticated
	}
	bound, err := r.Sessions.Bind(WithIdentity(ctx, i))
	if err != nil {
		return forbidden, nil, err
	}
	if s, ok := ctx.Value(socketKey{}).(*socket); ok {
		s.bind(bound)
	}
	return bound, nil, nil
}

// responseScope gives each response its deadline and its loaders, and tells
// who observes how it went.
type responseScope struct{ *Resolver }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = responseScope{}

// ExtensionName names it among the handler's extensions.
func (responseScope) ExtensionName() string { return "ResponseScope" }

// Validate accepts every schema.
func (responseScope) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptResponse surrounds one response; a subscription has many.
func (s responseScope) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	operation := Operation{Kind: "refused"}
	if graphql.HasOperationContext(ctx) {
		if op := graphql.GetOperationContext(ctx).Operation; op != nil {
			operation.Name, operation.Kind = op.Name, string(op.Operation)
		}
	}
	start := time.Now()
	if operation.Kind != string(ast.Subscription) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.Limits.Time)
		defer cancel()
	}
	response := next(withLoaders(ctx, s.Store))
	if response != nil && s.Observer != nil {
		operation.Code, operation.Took = codeOfResponse(response.Errors), time.Since(start)
		s.Observer.Responded(operation)
	}
	return response
}

// InterceptOperation tells who observes of subscriptions that open and end.
func (s responseScope) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if s.Observer != nil && graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		s.Observer.Streaming(1)
		context.AfterFunc(ctx, func() { s.Observer.Streaming(-1) })
	}
	return next(ctx)
}

// Observer is told how the API is used.
type Observer interface {
	// Responded is called after each response.
	Responded(Operation)
	// Streaming is called with 1 when a subscription opens and -1 when it ends.
	Streaming(delta int)
}

// Operation is how one response came about.
type Operation struct {
	Name string // as the caller called it; may be empty
	Kind string // query, mutation, subscription or refused
	Code string // of the first error; OK without one
	// Took is the time to the response; for a subscription, with the wait
	// for the event.
	Took time.Duration
}

func codeOfResponse(errs gqlerror.List) string {
	for _, err := range errs {
		if code, ok := err.Extensions["code"].(string); ok {
			return code
		}
	}
	if len(errs) > 0 {
		return codeInternal
	}
	return "OK"
}
