package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// specHTTP brings a transport of gqlgen to the letter of the GraphQL over HTTP
// specification: with application/json, a document that does not parse or
// validate is answered 200, a request without one 400, an error before
// execution has no "data", and a mutation by GET is 405.
type specHTTP struct{ graphql.Transport }

// Do serves one request.
func (t specHTTP) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	held := &heldResponse{ResponseWriter: w, status: http.StatusOK}
	t.Transport.Do(held, r, exec)
	held.release()
}

// heldResponse keeps status and body back until both are known.
type heldResponse struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldResponse) WriteHeader(status int)      { h.status = status }
func (h *heldResponse) Write(p []byte) (int, error) { return h.body.Write(p) }

func (h *heldResponse) release() {
	body := h.body.Bytes()
	if h.status != http.StatusOK {
		body = bytes.Replace(body, []byte(`,"data":null`), nil, 1)
	}
	switch h.status {
	case http.StatusNotAcceptable:
		h.status = http.StatusMethodNotAllowed
		h.Header().Set("Allow", http.MethodPost)
	case http.StatusUnprocessableEntity:
		h.status = http.StatusOK
		if bytes.Contains(body, []byte(`"no operation provided"`)) {
			h.status = http.StatusBadRequest
		}
	}
	h.ResponseWriter.WriteHeader(h.status)
	_, _ = h.ResponseWriter.Write(body)
}

// checkBody refuses a POST whose body is too large or no request, before a
// transport would repeat the body in its answer and in the log.
func checkBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); r.Method == http.MethodPost && err == nil && mediaType == "application/json" {
			body, err := io.ReadAll(r.Body)
			if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
				writeError(w, http.StatusRequestEntityTooLarge, refuse("the body has more than %d bytes", int(tooLarge.Limit)))
				return
			}
			var params graphql.RawParams
			if err != nil || json.Unmarshal(body, &params) != nil {
				writeError(w, http.StatusBadRequest, gqlerror.Errorf("the body is not a JSON object with query, operationName, variables and extensions"))
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		next.ServeHTTP(w, r)
	})
}

// writeError answers a request that never reaches a transport.
func writeError(w http.ResponseWriter, status int, err *gqlerror.Error) {
	if err.Extensions == nil {
		err.Extensions = map[string]any{"code": codeBadRequest}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(struct {
		Errors gqlerror.List `json:"errors"`
	}{gqlerror.List{err}})
}
