package server

import (
	"io"
	"net/http"
	"time"
)

// limitBodyTime gives the body of a request a deadline that ends with the body,
// whether the handler reads it or not.
func limitBodyTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			control := http.NewResponseController(w)
			if control.SetReadDeadline(time.Now().Add(bodyTimeout)) == nil {
				r.Body = &timedBody{r.Body, control}
			}
		}
		next.ServeHTTP(w, r)
	})
}

// timedBody lifts the connection's deadline where the body ends.
type timedBody struct {
	io.ReadCloser
	control *http.ResponseController
}

func (b *timedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// longBody lets a body take as long as it needs while something keeps coming.
type longBody struct {
	io.ReadCloser
	control *http.ResponseController
}

func (b *longBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(bodyTimeout))
	return b.ReadCloser.Read(p)
}

// allowLongBody is for uploads: neither the body nor the answer after it has to
// be done within the time of other requests.
func allowLongBody(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{})
	r.Body = &longBody{r.Body, control}
}
