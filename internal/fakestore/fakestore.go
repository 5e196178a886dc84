// Package fakestore is an object store within the process, for tests. It speaks S3 and fails as it
// is told.
package fakestore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/btgw/btgw/cache/object"
)

// Bucket is the one that there is.
const Bucket = "pieces"

// A Fault answers a request in place of the store, which next is.
type Fault func(w http.ResponseWriter, r *http.Request, next http.Handler)

// A Server is a store with one bucket. Its methods are safe for concurrent use.
type Server struct {
	tb      testing.TB
	backend *s3mem.Backend
	store   http.Handler

	mu    sync.Mutex
	fault Fault
	asked map[string]int // requests by method
}

// New makes a store that is reached by ServeHTTP alone.
func New(tb testing.TB) *Server {
	tb.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket(Bucket); err != nil {
		tb.Fatal(err)
	}
	return &Server{tb: tb, backend: backend, store: gofakes3.New(backend).Server(), asked: make(map[string]int)}
}

// ServeHTTP answers, or has the fault answer.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	fault := s.fault
	s.asked[r.Method]++
	s.mu.Unlock()
	if fault == nil {
		s.store.ServeHTTP(w, r)
		return
	}
	fault(w, r, s.store)
}

// Fail has the store fail from now on; nil mends it.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Asked is how many requests of a method there were.
func (s *Server) Asked(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[method]
}

// Serve serves it on loopback until the test ends, and returns the location of its bucket below
// prefix.
func (s *Server) Serve(prefix string) object.Location {
	server := httptest.NewServer(s)
	s.tb.Cleanup(server.Close)
	return At(server.Listener.Addr().String(), prefix)
}

// At is the location of the bucket of a server at an address.
func At(addr, prefix string) object.Location {
	return object.Location{Bucket: Bucket, Prefix: prefix, Endpoint: addr, Plain: true}
}

// Open returns a Store that asks it. It is closed with the test.
func Open(tb testing.TB, at object.Location, dial func(ctx context.Context, network, addr string) (net.Conn, error)) *object.Store {
	tb.Helper()
	s, err := object.Open(object.Config{Location: at, Credentials: credentials.NewStaticV4("user", "secret", ""), Dial: dial})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// Keys are the names of all objects.
func (s *Server) Keys() (keys []string) {
	s.tb.Helper()
	list, err := s.backend.ListBucket(Bucket, &gofakes3.Prefix{}, gofakes3.ListBucketPage{})
	if err != nil {
		s.tb.Fatal(err)
	}
	for _, o := range list.Contents {
		keys = append(keys, o.Key)
	}
	return keys
}

// Get returns an object; nil where there is none.
func (s *Server) Get(key string) []byte {
	s.tb.Helper()
	o, err := s.backend.GetObject(Bucket, key, nil)
	if err != nil {
		return nil
	}
	defer o.Contents.Close()
	data, err := io.ReadAll(o.Contents)
	if err != nil {
		s.tb.Fatal(err)
	}
	return data
}

// Put puts an object.
func (s *Server) Put(key string, data []byte) {
	s.tb.Helper()
	meta := map[string]string{"Last-Modified": time.Now().UTC().Format(http.TimeFormat)}
	if _, err := s.backend.PutObject(Bucket, key, meta, bytes.NewReader(data), int64(len(data)), nil); err != nil {
		s.tb.Fatal(err)
	}
}

// Slow has each answer begin later.
func Slow(d time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		body, err := io.ReadAll(r.Body) // net/http does not see a client go before that
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

// Refuse answers with an error as S3 has it.
func Refuse(status int, code string) Fault {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>so it was asked for</Message></Error>", code)
	}
}

// maxSkew is by how much a clock may be wrong for S3 (AWS Signature Version 4).
const maxSkew = 15 * time.Minute

// Clock has the store's clock be ahead of ours: it takes no request of another time.
func Clock(ahead time.Duration) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
		if err != nil || time.Now().Add(ahead).Sub(at).Abs() > maxSkew {
			next = refusal(http.StatusForbidden, "RequestTimeTooSkewed")
		}
		next.ServeHTTP(w, r)
	}
}

// Expired has the store let no key in but one.
func Expired(but string) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !strings.Contains(r.Header.Get("Authorization"), "Credential="+but+"/") {
			next = refusal(http.StatusBadRequest, "ExpiredToken")
		}
		next.ServeHTTP(w, r)
	}
}

func refusal(status int, code string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { Refuse(status, code)(w, r, nil) })
}

// Torn cuts the answers that have content after n bytes of it.
func Torn(n int) Fault {
	return content(func(w http.ResponseWriter, body []byte) {
		_, _ = w.Write(body[:min(n, len(body))])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
}

// Wrong changes a byte in each sixteen KiB of what is read.
func Wrong() Fault {
	return content(func(w http.ResponseWriter, body []byte) {
		for i := 0; i < len(body); i += 16 << 10 {
			body[i] ^= 1
		}
		_, _ = w.Write(body)
	})
}

// content changes the answers to reads of objects that are there; other requests are as ever.
func content(send func(w http.ResponseWriter, body []byte)) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		if !Object(r) {
			next.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		if answer.Code < http.StatusMultipleChoices {
			send(w, answer.Body.Bytes())
		} else {
			_, _ = w.Write(answer.Body.Bytes())
		}
	}
}

// Object reports whether a request reads an object, and is no list.
func Object(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Count(strings.Trim(r.URL.Path, "/"), "/") > 0
}
