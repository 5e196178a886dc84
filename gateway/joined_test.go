package gateway

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// joinedPair is a joinedConn and who reads what it sends.
func joinedPair(t *testing.T) (*joinedConn, net.Conn) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	reader, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := joinedListener{Listener: ln}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); reader.Close() })
	return conn.(*joinedConn), reader
}

// What is held goes out before what follows, and counts as written at once.
func TestJoinedConn(t *testing.T) {
	head, body := random(1, maxJoined), random(2, 1<<20)
	tests := []struct {
		name string
		send func(c *joinedConn) (int, error)
		want []byte
	}{
		{"not joining", func(c *joinedConn) (int, error) { return c.Write(head) }, head},
		{"head and body", func(c *joinedConn) (int, error) {
			c.join()
			if n, err := c.Write(head); n != len(head) || err != nil {
				t.Errorf("head: %d, %v", n, err)
			}
			n, err := c.Write(body)
			if len(c.held) != 0 {
				t.Errorf("%d bytes held after a body", len(c.held))
			}
			return n, err
		}, append(bytes.Clone(head), body...)},
		{"small ones and no body", func(c *joinedConn) (int, error) {
			c.join()
			_, _ = c.Write(head[:10])
			n, err := c.Write(head[10:20])
			if len(c.held) != 20 {
				t.Errorf("%d bytes held", len(c.held))
			}
			return n, err
		}, head[:20]},
		{"lines, a header alone", func(c *joinedConn) (int, error) {
			c.lines = []byte("B: 2\r\n")
			return c.Write([]byte("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n"))
		}, []byte("HTTP/1.1 200 OK\r\nB: 2\r\nA: 1\r\n\r\n")},
		{"lines, header and body", func(c *joinedConn) (int, error) {
			c.lines = []byte("B: 2\r\n")
			c.join()
			if n, err := c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); n != 19 || err != nil {
				t.Errorf("head: %d, %v", n, err)
			}
			return c.Write(body)
		}, append([]byte("HTTP/1.1 200 OK\r\nB: 2\r\n\r\n"), body...)},
		{"lines, more than is held", func(c *joinedConn) (int, error) {
			c.lines = []byte("B: 2\r\n")
			n, err := c.Write(append([]byte("HTTP/1.1 200 OK\r\n\r\n"), body...))
			if n != 19+len(body) {
				t.Errorf("%d bytes", n)
			}
			return n, err
		}, append([]byte("HTTP/1.1 200 OK\r\nB: 2\r\n\r\n"), body...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, reader := joinedPair(t)
			got := make(chan []byte)
			go func() {
				b, _ := io.ReadAll(reader)
				got <- b
			}()
			if _, err := test.send(c); err != nil {
				t.Error(err)
			}
			if err := c.part(); err != nil || c.joining {
				t.Errorf("part: %v, joining %v", err, c.joining)
			}
			c.Close()
			if b := <-got; !bytes.Equal(b, test.want) {
				t.Errorf("%d bytes, not the %d sent", len(b), len(test.want))
			}
		})
	}
}

// A write that fails says how much of what it was given went out.
func TestJoinedConnFails(t *testing.T) {
	c, _ := joinedPair(t)
	c.join()
	_, _ = c.Write(random(1, 100))
	if err := c.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Write(random(2, 1<<16)); n != 0 || err == nil || len(c.held) != 0 {
		t.Errorf("%d, %v, %d held", n, err, len(c.held))
	}
	c.join()
	_, _ = c.Write(random(1, 100))
	if err := c.part(); err == nil || len(c.held) != 0 {
		t.Errorf("part: %v, %d held", err, len(c.held))
	}
}

// The connection is found where it may be joined, and nowhere else; after each
// answer nothing is held.
func TestAnswersAreJoined(t *testing.T) {
	g := serve(t, nil)
	hash, data := g.single(t, "a.bin", 100_000)
	conns := make(chan *joinedConn, 1)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{ConnContext: withConn, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _ := r.Context().Value(connKey{}).(*joinedConn)
		g.ServeHTTP(w, r)
		conns <- c
	})}
	defer server.Close()
	go func() { _ = server.Serve(joinedListener{Listener: ln}) }()
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
		if c := <-conns; c == nil || c.joining || len(c.held) != 0 || cap(c.held) == 0 && ranged != "bytes=0-0" {
			t.Errorf("%s: %+v", ranged, c)
		}
	}
}
