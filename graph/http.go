package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// Media types of responses. The first is what who asks for neither gets.
const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
)

// plainHTTP answers queries and mutations by POST, and queries by GET, to the
// letter of the GraphQL over HTTP specification: with the GraphQL media type
// the status tells how a request was refused; with application/json a document
// that was refused is answered 200, and only what is no request at all 400. No
// answer repeats what it could not read.
type plainHTTP struct {
	// throttle lets so many operations run at a time and refuses the rest. It
	// comes after the body was read, so that who sends slowly holds no place.
	throttle func(http.Handler) http.Handler
}

var _ graphql.Transport = plainHTTP{}

// Supports reports whether the request is for this transport.
func (plainHTTP) Supports(r *http.Request) bool {
	if r.Header.Get("Upgrade") != "" {
		return false
	}
	return r.Method == http.MethodGet || r.Method == http.MethodPost && isJSON(r)
}

func isJSON(r *http.Request) bool {
	given := r.Header.Get("Content-Type")
	if given == mediaJSON {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(given)
	return err == nil && mediaType == mediaJSON
}

// Do serves one request.
func (t plainHTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	start := graphql.Now()
	params, status, problem := readParams(r)
	if problem != nil {
		writeError(w, status, problem)
		return
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	t.throttle(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		execute(w, r, exec, params)
	})).ServeHTTP(w, r)
}

// noTransport refuses what no other transport is for.
type noTransport struct{}

var _ graphql.Transport = noTransport{}

// Supports reports that it takes anything.
func (noTransport) Supports(*http.Request) bool { return true }

// Do refuses one request.
func (noTransport) Do(w http.ResponseWriter, _ *http.Request, _ graphql.GraphExecutor) {
	writeError(w, http.StatusBadRequest, gqlerror.Errorf("want GET, POST with Content-Type application/json, or a WebSocket"))
}

// execute answers one operation.
func execute(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, params *graphql.RawParams) {
	media := responseMedia(r.Header.Get("Accept"))

	ctx := r.Context()
	operation, refused := exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, operation)
	if refused != nil {
		response := exec.DispatchError(ctx, refused)
		writeResponse(w, statusOf(response.Errors, media), media, response)
		return
	}
	switch kind := operation.Operation.Operation; {
	case kind == ast.Subscription:
		writeError(w, http.StatusBadRequest, gqlerror.Errorf("subscribe by server-sent events or WebSocket"))
		return
	case kind != ast.Query && r.Method == http.MethodGet:
		w.Header().Set("Allow", http.MethodPost)
		writeError(w, http.StatusMethodNotAllowed, gqlerror.Errorf("GET requests only allow query operations"))
		return
	}
	responses, ctx := exec.DispatchOperation(ctx, operation)
	if response := responses(ctx); response != nil { // nil when the caller went away
		writeResponse(w, http.StatusOK, media, response)
	}
}

// errNoRequest is all that is told of a body or a query string that is none: it
// may hold anything, also a secret.
var errNoRequest = errors.New("want an object with query, operationName, variables and extensions")

// readParams reads the operation that a request names.
func readParams(r *http.Request) (*graphql.RawParams, int, *gqlerror.Error) {
	var params graphql.RawParams
	var err error
	if r.Method == http.MethodGet {
		err = paramsOfQuery(r, &params)
	} else {
		err = paramsOfBody(r, &params)
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, http.StatusRequestEntityTooLarge, refuse("the body has more than %d bytes", int(tooLarge.Limit))
	}
	if err != nil {
		return nil, http.StatusBadRequest, gqlerror.Errorf("no request of GraphQL over HTTP: %v", errNoRequest)
	}
	if params.Query == "" && params.Extensions["persistedQuery"] == nil {
		return nil, http.StatusBadRequest, gqlerror.Errorf("the request has no query")
	}
	return &params, 0, nil
}

// maxPromised bounds what is reserved for a body by the length it promises.
const maxPromised = 64 << 10

func paramsOfBody(r *http.Request, params *graphql.RawParams) error {
	var text bytes.Buffer
	text.Grow(bytes.MinRead + int(min(max(r.ContentLength, 0), maxPromised)))
	if _, err := text.ReadFrom(r.Body); err != nil {
		return err
	}
	return decodeNumbers(text.Bytes(), params)
}

func paramsOfQuery(r *http.Request, params *graphql.RawParams) error {
	query := r.URL.Query()
	params.Query, params.OperationName = query.Get("query"), query.Get("operationName")
	for name, to := range map[string]*map[string]any{"variables": &params.Variables, "extensions": &params.Extensions} {
		if text := query.Get(name); text != "" {
			if err := decodeNumbers([]byte(text), to); err != nil {
				return err
			}
		}
	}
	return nil
}

// decodeNumbers decodes one value and keeps numbers as they are written, so that
// long ids stay exact.
func decodeNumbers(text []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errNoRequest // something follows
	}
	return nil
}

// responseMedia is the first media type of an Accept header that we speak.
func responseMedia(accept string) string {
	for part := range strings.SplitSeq(accept, ",") {
		switch mediaType, _, _ := mime.ParseMediaType(part); mediaType {
		case mediaJSON, mediaResponse:
			return mediaType
		case "*/*", "application/*":
			return mediaJSON
		}
	}
	return mediaJSON
}

// statusOf is how a refusal before execution is answered.
func statusOf(errs gqlerror.List, media string) int {
	switch code := codeOfResponse(errs); {
	case code == codeRateLimited:
		return http.StatusTooManyRequests
	case media == mediaJSON, code == codePersistedNotFound:
		return http.StatusOK
	}
	return http.StatusBadRequest
}

// writeResponse writes a response. Its data is JSON already and is not looked
// at again; what was refused before execution has no data.
func writeResponse(w http.ResponseWriter, status int, media string, response *graphql.Response) {
	before, after := make([]byte, 0, 128), make([]byte, 0, 256) // the data
	separator := byte('{')
	member := func(b []byte, name string) []byte {
		b = append(append(b, separator), name...)
		separator = ','
		return b
	}
	if len(response.Errors) > 0 {
		before = append(member(before, `"errors":`), marshal(response.Errors)...)
	}
	if response.Data != nil {
		before = member(before, `"data":`)
	}
	if len(response.Extensions) > 0 {
		after = appendExtensions(member(after, `"extensions":`), response.Extensions)
	}
	after = append(after, '}')

	h := w.Header()
	h.Set("Content-Type", media+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(before)+len(response.Data)+len(after)))
	if status == http.StatusTooManyRequests {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(status)
	_, _ = w.Write(before)
	_, _ = w.Write(response.Data)
	_, _ = w.Write(after)
}

// appendExtensions appends an object; what most answers have is the charge alone.
func appendExtensions(b []byte, extensions map[string]any) []byte {
	if c, ok := extensions[costExtension].(charge); ok && len(extensions) == 1 {
		return append(c.append(append(b, `{"`+costExtension+`":`...)), '}')
	}
	return append(b, marshal(extensions)...)
}

// marshal encodes errors and extensions, which hold nothing that could fail.
func marshal(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// checkStream refuses the body of a stream that is too large or no request,
// before the transport would repeat it in its answer and in the log.
func checkStream(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
			var body bytes.Buffer
			r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
			if _, status, problem := readParams(r); problem != nil {
				writeError(w, status, problem)
				return
			}
			r.Body = io.NopCloser(&body)
		}
		next.ServeHTTP(w, r)
	})
}

// writeError answers what is no request.
func writeError(w http.ResponseWriter, status int, err *gqlerror.Error) {
	if err.Extensions == nil {
		err.Extensions = map[string]any{"code": codeBadRequest}
	}
	writeResponse(w, status, mediaJSON, &graphql.Response{Errors: gqlerror.List{err}})
}
