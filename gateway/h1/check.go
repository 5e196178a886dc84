package h1

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// What Check sends. The last request has no Host, which net/http refuses by itself.
var checkRequests = [...]string{
	"GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
	"GET /a HTTP/1.1\r\n\r\n",
}

const (
	checkLines     = "X-Inserted: 1\r\n"
	checkRewritten = "HTTP/1.1 400 Rewritten\r\n\r\n"
	checkBody      = 3 << 11 // bytes: more than net/http buffers
)

// Check makes the net/http that is built in answer three requests over a connection in
// memory. It returns an error if net/http reads or writes in another way than this package
// counts on:
//
//   - The header and body of an answer are written between Cork and Uncork.
//   - The status line is at the beginning of the first write.
//   - Requests are read from their beginning.
//   - An error answer of net/http's own is one write outside of any answer.
//
// After an error the caller has to set the field Plain of Listeners. Check has a server of
// its own, which has ended when it returns.
func Check() error {
	ours, theirs := net.Pipe()
	defer ours.Close()
	_ = ours.SetDeadline(time.Now().Add(checkTime))
	defer func() { _ = ours.SetDeadline(time.Time{}) }()
	conn := &checkConn{Conn: theirs}
	conn.counter.to = theirs
	conn.rewrite = func(written []byte) []byte {
		if !bytes.HasPrefix(written, []byte("HTTP/1.1 400 ")) {
			return nil
		}
		return []byte(checkRewritten)
	}
	gone := make(chan struct{})
	server := http.Server{
		Handler: http.HandlerFunc(checkHandler), Protocols: new(http.Protocols), ConnContext: ConnContext,
		ConnState: func(c net.Conn, state http.ConnState) {
			if ConnState(c, state); state == http.StateClosed {
				close(gone)
			}
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true)
	ln := &checkListener{conns: make(chan net.Conn, 1), closed: make(chan struct{})}
	ln.conns <- conn
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(ln) })
	err := check(ours, conn)
	_ = server.Close()
	_ = theirs.Close()
	serving.Wait()
	<-gone
	return err
}

// check is the client's part.
func check(client net.Conn, conn *checkConn) error {
	for i, request := range checkRequests {
		want := checkRewritten
		if path, _, ok := strings.Cut(request, " HTTP"); ok && strings.Contains(request, "Host") {
			want = "HTTP/1.1 200 OK\r\n" + checkLines + "Content-Length: " + strconv.Itoa(checkBody) + "\r\nContent-Type: text/plain\r\n\r\n" +
				string(checkAnswer(strings.TrimPrefix(path, "GET ")))
		}
		if _, err := io.WriteString(client, request); err != nil {
			return fmt.Errorf("h1: request %d of the check: %w", i, err)
		}
		got := make([]byte, len(want))
		n, err := io.ReadFull(client, got)
		if err != nil || string(got) != want {
			return fmt.Errorf("h1: request %d of the check: net/http wrote %q, not %q: %w", i, clipped(got[:n]), clipped([]byte(want)), errors.Join(err, errOther))
		}
		if writes := conn.counter.writes.Swap(0); writes != 1 {
			return fmt.Errorf("h1: request %d of the check: %d writes: %w", i, writes, errOther)
		}
	}
	return nil
}

var errOther = errors.New("this net/http is not as expected")

// clipped is as much as tells what is wrong.
func clipped(b []byte) []byte { return b[:min(len(b), 200)] }

// checkHandler answers with the path, in a corked write.
func checkHandler(w http.ResponseWriter, r *http.Request) {
	conn, ok := r.Context().Value(connKey{}).(*checkConn)
	if !ok {
		return
	}
	conn.handles(r)
	w.Header()["Date"] = nil
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", strconv.Itoa(checkBody))
	conn.corked, conn.lines = true, []byte(checkLines)
	_, _ = w.Write(checkAnswer(r.URL.Path))
	_ = http.NewResponseController(w).Flush()
	_ = conn.uncork(&conn.counter)
}

// checkAnswer is the body of the answer for a path.
func checkAnswer(path string) []byte {
	return append(bytes.Repeat([]byte("."), checkBody-len(path)), path...)
}

// A checkConn is a Conn that is no TCP connection.
type checkConn struct {
	net.Conn
	lane
	cork
	counter counter
}

func (c *checkConn) Read(p []byte) (int, error) { return c.line.read(p, c.Conn.Read) }

func (c *checkConn) Write(p []byte) (int, error) {
	if other := c.rewritten(p); other != nil {
		_, err := c.counter.Write(other)
		return len(p), err
	}
	return c.write(&c.counter, &c.counter, p)
}

// A counter counts writes.
type counter struct {
	to     io.Writer
	writes atomic.Int32
}

func (c *counter) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.to.Write(p)
}

// A checkListener hands out one connection.
type checkListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *checkListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *checkListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *checkListener) Addr() net.Addr { return &net.UnixAddr{Name: "check", Net: "unix"} }
