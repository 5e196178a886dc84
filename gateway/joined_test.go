package gateway

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/h1"
)

// The connection is found where it may be joined, and nowhere else; after each
// answer nothing is held.
func TestAnswersAreJoined(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 100_000)
	conns := make(chan *h1.Conn, 1)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{ConnContext: h1.ConnContext, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := h1.Handling(r)
		g.ServeHTTP(w, r)
		conns <- c
	})}
	defer server.Close()
	go func() { _ = server.Serve(h1.Listener{Listener: ln}) }()
	client := http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for _, ranged := range []string{"bytes=0-0", "bytes=0-5000", "bytes=0-"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+ln.Addr().String()+hash.Path()+"/a.bin", nil)
		req.Header.Set("Range", ranged)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusPartialContent || !bytes.Equal(body, data[:len(body)]) || int64(len(body)) != resp.ContentLength {
			t.Errorf("%s: %d, %d bytes of %d, %v", ranged, resp.StatusCode, len(body), resp.ContentLength, err)
		}
		if c := <-conns; c == nil || c.Uncork() != nil {
			t.Errorf("%s: no connection, or one that is broken", ranged)
		}
	}
}

// Where net/http is not as expected it has its connections as they are: content is right, and
// what it refuses by itself has its own answer.
func TestPlainConnections(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 100_000)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := newHTTPServer(g.Server, slog.New(slog.DiscardHandler))
	defer server.Close()
	go func() {
		_ = server.Serve(h1.Listener{Listener: ln, Rewrite: refusals(adminHeaders), Plain: true})
	}()
	conn, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	in := bufio.NewReader(conn)
	for range 2 {
		if _, err := fmt.Fprintf(conn, "GET %s/a.bin HTTP/1.1\r\nHost: localhost\r\n\r\n", hash.Path()); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || !bytes.Equal(body, data) || res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Accept-Ranges") != "bytes" {
			t.Errorf("%d, %d bytes, %v %v", res.StatusCode, len(body), err, res.Header)
		}
	}
	if _, err := io.WriteString(conn, "GET /a b HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if res, err := http.ReadResponse(in, nil); err != nil || res.StatusCode != http.StatusBadRequest || res.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("%+v, %v", res, err)
	}
}
