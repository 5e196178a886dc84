package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/internal/bubble"
)

// A pipeListener hands out in-memory connections, which a bubble of synctest
// can see through. Their buffer is none: what a client does not read, the
// server cannot write.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "pipe" }

func (l *pipeListener) dial() net.Conn {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours
}

// A clockTest is one request in virtual time.
type clockTest struct {
	name   string
	change func(*fakeContent)
	client func(t *testing.T, r *bufio.Reader) // reads what it wants to
	want   time.Duration                       // until the server is done
}

// comes has each chunk be a piece of size bytes that comes at a rate.
func comes(size, rate int64) func(*fakeContent) {
	return func(c *fakeContent) {
		var begun time.Time
		last := -1
		c.wait = func(ctx context.Context, pos int) error {
			if pos != last {
				last, begun = pos, time.Now()
			}
			came := func() int64 { return min(size, int64(time.Since(begun).Seconds()*float64(rate))) }
			at, had := time.Now(), came()
			select {
			case <-time.After(time.Duration(float64(size-had) / float64(rate) * float64(time.Second))):
				return nil
			case <-ctx.Done():
			}
			err := late(ctx, fetch.StagePiece)
			var e *fetch.UnavailableError
			if errors.As(err, &e) {
				e.Progress = fetch.Progress{Have: came(), Size: size, Gained: came() - had, Wait: time.Since(at)}
			}
			return err
		}
	}
}

func clockTests() []clockTest {
	return []clockTest{
		{"the first piece is 504 after 25 s", func(c *fakeContent) {
			c.wait = func(ctx context.Context, _ int) error {
				<-ctx.Done()
				return late(ctx, fetch.StagePiece)
			}
		}, func(t *testing.T, r *bufio.Reader) {
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 504 {
				t.Errorf("%v %v", res, err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
		}, 25 * time.Second},
		{"a stall is cut after 25 s", func(c *fakeContent) {
			c.wait = func(ctx context.Context, pos int) error {
				if pos == 0 {
					return nil
				}
				<-ctx.Done()
				return late(ctx, fetch.StagePiece)
			}
		}, func(t *testing.T, r *bufio.Reader) {
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 200 {
				t.Errorf("%v %v", res, err)
				return
			}
			if n, err := io.Copy(io.Discard, res.Body); n != 1<<20 || err != io.ErrUnexpectedEOF {
				t.Errorf("%d bytes, %v", n, err)
			}
		}, 25 * time.Second},
		{"pieces may take 24 s each", func(c *fakeContent) {
			c.wait = func(context.Context, int) error {
				time.Sleep(24 * time.Second)
				return nil
			}
		}, func(t *testing.T, r *bufio.Reader) {
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 200 {
				t.Errorf("%v %v", res, err)
				return
			}
			if n, err := io.Copy(io.Discard, res.Body); n != 3<<20 || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		}, 72 * time.Second},
		{"pieces of 33 s each, which come", comes(8<<20, 250_000), func(t *testing.T, r *bufio.Reader) {
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 200 {
				t.Errorf("%v %v", res, err)
				return
			}
			if n, err := io.Copy(io.Discard, res.Body); n != 3<<20 || err != nil {
				t.Errorf("%d bytes, %v", n, err)
			}
		}, 100 * time.Second},
		{"a first piece that would take ten minutes", comes(8<<20, 14_000), func(t *testing.T, r *bufio.Reader) {
			res, err := http.ReadResponse(r, nil)
			if err != nil || res.StatusCode != 504 || res.Header.Get("Retry-After") != "1" {
				t.Errorf("%v %v", res, err)
				return
			}
			if b, _ := io.ReadAll(res.Body); !bytes.Contains(b, []byte("350000 of 8388608 bytes are there")) {
				t.Errorf("%s", b)
			}
		}, 25 * time.Second},
		{"a client that takes nothing is cut after 5 minutes", nil, func(t *testing.T, r *bufio.Reader) {
			time.Sleep(4 * time.Minute)
			if _, err := io.CopyN(io.Discard, r, 1<<20); err != nil { // a pause below the limit
				t.Error(err)
			}
			time.Sleep(6 * time.Minute)
		}, 9 * time.Minute},
		{"a slow client is not", nil, func(t *testing.T, r *bufio.Reader) {
			for range 9 {
				time.Sleep(4 * time.Minute)
				if _, err := io.CopyN(io.Discard, r, deadlineWindow+4096); err != nil {
					t.Error(err)
				}
			}
			_, _ = io.Copy(io.Discard, r)
		}, 36 * time.Minute},
	}
}

// The clocks of the contract with their real values, to the second, in virtual
// time.
func TestClocks(t *testing.T) {
	for _, test := range clockTests() {
		t.Run(test.name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				backend := newFakeBackend()
				hash := backend.add(t, "a.bin", 1, map[string][]byte{"": random(1, 3<<20)})
				setHook(backend, &backend.onOpen, test.change)
				s, err := New(Config{Backend: backend, Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				ln := newPipeListener()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ln) }()
				conn := ln.dial()
				begun := time.Now()
				fmt.Fprintf(conn, "GET %s/a.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", hash.Path())
				done := make(chan struct{})
				go func() {
					defer close(done)
					test.client(t, bufio.NewReaderSize(conn, 1))
				}()
				synctest.Wait()
				if err := s.inflight.wait(context.Background()); err != nil {
					t.Error(err)
				}
				if took := time.Since(begun).Truncate(time.Second); took != test.want {
					t.Errorf("the server was done after %v, want %v", took, test.want)
				}
				<-done
				conn.Close()
				if err := s.Shutdown(context.Background()); err != nil {
					t.Error(err)
				}
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A head that does not come and a connection that stays idle end by themselves.
func TestConnectionClocks(t *testing.T) {
	for name, test := range map[string]struct {
		send string
		want time.Duration
	}{
		"no head":   {"GET / HTTP/1.1\r\nHost:", readHeaderTimeout},
		"idle":      {"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n", idleTimeout},
		"half body": {"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx", readHeaderTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s, err := New(Config{Backend: newFakeBackend(), Log: slog.New(slog.DiscardHandler)})
				if err != nil {
					t.Fatal(err)
				}
				ln := newPipeListener()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ln) }()
				conn := ln.dial()
				begun := time.Now()
				go func() { _, _ = io.WriteString(conn, test.send) }()
				_, _ = io.Copy(io.Discard, conn)
				if took := time.Since(begun); took > test.want+time.Second || took < test.want-time.Second && name != "half body" {
					t.Errorf("closed after %v, want %v", took, test.want)
				}
				conn.Close()
				if err := s.Shutdown(context.Background()); err != nil {
					t.Error(err)
				}
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A .torrent that a slow client sends has its time for as long as it comes.
func TestSlowUpload(t *testing.T) {
	const head, tail = "--x\r\nContent-Disposition: form-data; name=\"uri\"\r\n\r\n", "\r\n--x--\r\n"
	sum := strings.Repeat("ab", 20)
	for name, c := range map[string]struct {
		every, least, most time.Duration
		status             int
	}{
		"it trickles":  {10 * time.Second, 6 * time.Minute, 7 * time.Minute, http.StatusSeeOther},
		"it is silent": {time.Hour, uploadTimeout - time.Second, uploadTimeout + 10*time.Second, http.StatusBadRequest},
		"for too long": {50 * time.Second, uploadMost - time.Second, uploadMost + 10*time.Second, http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s, err := New(Config{Backend: newFakeBackend(), Log: slog.New(slog.DiscardHandler), Uploads: true})
				if err != nil {
					t.Fatal(err)
				}
				ln := newPipeListener()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ln) }()
				conn := ln.dial()
				begun := time.Now()
				gone := make(chan struct{})
				sent := make(chan struct{})
				go func() {
					defer close(sent)
					_, _ = fmt.Fprintf(conn, "POST /-/open HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n%s", len(head)+len(sum)+len(tail), head)
					for i := range sum {
						select {
						case <-time.After(c.every):
						case <-gone:
							return
						}
						if _, err := io.WriteString(conn, sum[i:i+1]); err != nil {
							return
						}
					}
					_, _ = io.WriteString(conn, tail)
				}()
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				took := time.Since(begun)
				if err != nil || res.StatusCode != c.status || took < c.least || took > c.most {
					t.Errorf("%v %v after %v", res, err, took)
				}
				close(gone)
				conn.Close()
				<-sent
				if err := s.Shutdown(context.Background()); err != nil {
					t.Error(err)
				}
				if err := <-served; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestSlowBodies: a body that does not come holds up no answer for longer than a head may take, whatever the answer is, and the
// connection ends with it.
func TestSlowBodies(t *testing.T) {
	file := "PROPFIND /btih/" + strings.Repeat("a", 40) + "/"
	for name, c := range map[string]struct {
		admin  bool
		head   string
		status int
	}{
		"another host":             {false, "GET / HTTP/1.1\r\nHost: evil.example", http.StatusMisdirectedRequest},
		"PROPFIND of another host": {false, file + " HTTP/1.1\r\nHost: evil.example", http.StatusMisdirectedRequest},
		"PROPFIND":                 {false, "PROPFIND / HTTP/1.1\r\nHost: localhost\r\nDepth: 1", http.StatusBadRequest},
		"PROPFIND without end":     {false, "PROPFIND / HTTP/1.1\r\nHost: localhost", http.StatusForbidden},
		"PROPFIND of nothing":      {false, file + "a HTTP/1.1\r\nHost: localhost\r\nDepth: 1", http.StatusGatewayTimeout},
		"PROPFIND of no torrent":   {false, "PROPFIND /btih/xyz HTTP/1.1\r\nHost: localhost\r\nDepth: 1", http.StatusBadRequest},
		"GET":                      {false, "GET / HTTP/1.1\r\nHost: localhost", http.StatusBadRequest},
		"OPTIONS":                  {false, "OPTIONS * HTTP/1.1\r\nHost: localhost", http.StatusNoContent},
		"admin without a token":    {true, "GET /api/v1/torrents HTTP/1.1\r\nHost: localhost", http.StatusUnauthorized},
		"admin, a torrent":         {true, "POST /api/v1/torrents HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret", http.StatusBadRequest},
		"admin, a publication":     {true, "POST /api/v1/publications HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer secret", http.StatusBadRequest},
		"admin, OPTIONS":           {true, "OPTIONS * HTTP/1.1\r\nHost: localhost", http.StatusUnauthorized},
		"admin, health":            {true, "GET /livez HTTP/1.1\r\nHost: localhost", http.StatusOK},
	} {
		for _, body := range []string{"Content-Length: 1000\r\n\r\n<a", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"} {
			t.Run(name+", "+body[:7], func(t *testing.T) {
				bubble.Test(t, func(t *testing.T) {
					var s interface {
						Serve(ln net.Listener) error
						Shutdown(ctx context.Context) error
					}
					var err error
					backend, log := newFakeBackend(), slog.New(slog.DiscardHandler)
					if s, err = New(Config{Backend: backend, Log: log}); c.admin {
						s, err = NewAdmin(AdminConfig{Backend: backend, Log: log, Token: "secret", Publications: func() Publications { return struct{ Publications }{} }})
					}
					if err != nil {
						t.Fatal(err)
					}
					ln := newPipeListener()
					served := make(chan error, 1)
					go func() { served <- s.Serve(ln) }()
					conn := ln.dial()
					begun := time.Now()
					if _, err := io.WriteString(conn, c.head+"\r\n"+body); err != nil {
						t.Fatal(err)
					}
					r := bufio.NewReader(conn)
					answers := make(chan *http.Response, 1)
					go func() {
						res, err := http.ReadResponse(r, nil)
						if err != nil {
							t.Errorf("after %v: %v", time.Since(begun), err)
						}
						answers <- res
					}()
					select {
					case res := <-answers:
						if res == nil || res.StatusCode != c.status || !res.Close {
							t.Errorf("%v", res)
						}
						_, _ = io.Copy(io.Discard, r) // to its end
					case <-time.After(time.Hour):
						t.Error("no answer in an hour")
					}
					if took := time.Since(begun); took > uploadTimeout+readHeaderTimeout+time.Second {
						t.Errorf("the connection was there for %v", took)
					}
					conn.Close()
					if err := s.Shutdown(context.Background()); err != nil {
						t.Error(err)
					}
					if err := <-served; err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}
