package h1

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"testing"
	"time"
)

// connPair is a Conn and who reads what it sends.
func connPair(t *testing.T) (*Conn, net.Conn) {
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
	conn, err := Listener{Listener: ln}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(); reader.Close() })
	return conn.(*Conn), reader
}

// What is held goes out before what follows, and counts as written at once.
func TestConn(t *testing.T) {
	head, body := random(1, maxCorked), random(2, 1<<20)
	tests := []struct {
		name string
		send func(c *Conn) (int, error)
		want []byte
	}{
		{"not joining", func(c *Conn) (int, error) { return c.Write(head) }, head},
		{"head and body", func(c *Conn) (int, error) {
			c.Cork()
			if n, err := c.Write(head); n != len(head) || err != nil {
				t.Errorf("head: %d, %v", n, err)
			}
			n, err := c.Write(body)
			if len(c.held) != 0 {
				t.Errorf("%d bytes held after a body", len(c.held))
			}
			return n, err
		}, append(bytes.Clone(head), body...)},
		{"small ones and no body", func(c *Conn) (int, error) {
			c.Cork()
			_, _ = c.Write(head[:10])
			n, err := c.Write(head[10:20])
			if len(c.held) != 20 {
				t.Errorf("%d bytes held", len(c.held))
			}
			return n, err
		}, head[:20]},
		{"lines, a header alone", func(c *Conn) (int, error) {
			c.InsertLines([]byte("B: 2\r\n"))
			return c.Write([]byte("HTTP/1.1 200 OK\r\nA: 1\r\n\r\n"))
		}, []byte("HTTP/1.1 200 OK\r\nB: 2\r\nA: 1\r\n\r\n")},
		{"lines, header and body", func(c *Conn) (int, error) {
			c.InsertLines([]byte("B: 2\r\n"))
			c.Cork()
			if n, err := c.Write([]byte("HTTP/1.1 200 OK\r\n\r\n")); n != 19 || err != nil {
				t.Errorf("head: %d, %v", n, err)
			}
			return c.Write(body)
		}, append([]byte("HTTP/1.1 200 OK\r\nB: 2\r\n\r\n"), body...)},
		{"lines, more than is held", func(c *Conn) (int, error) {
			c.InsertLines([]byte("B: 2\r\n"))
			n, err := c.Write(append([]byte("HTTP/1.1 200 OK\r\n\r\n"), body...))
			if n != 19+len(body) {
				t.Errorf("%d bytes", n)
			}
			return n, err
		}, append([]byte("HTTP/1.1 200 OK\r\nB: 2\r\n\r\n"), body...)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, reader := connPair(t)
			got := make(chan []byte)
			go func() {
				b, _ := io.ReadAll(reader)
				got <- b
			}()
			if _, err := test.send(c); err != nil {
				t.Error(err)
			}
			if err := c.Uncork(); err != nil || c.corked {
				t.Errorf("part: %v, corked %v", err, c.corked)
			}
			c.Close()
			if b := <-got; !bytes.Equal(b, test.want) {
				t.Errorf("%d bytes, not the %d sent", len(b), len(test.want))
			}
		})
	}
}

// A write that fails says how much of what it was given went out.
func TestConnFails(t *testing.T) {
	c, _ := connPair(t)
	c.Cork()
	_, _ = c.Write(random(1, 100))
	if err := c.SetWriteDeadline(time.Now().Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Write(random(2, 1<<16)); n != 0 || err == nil || len(c.held) != 0 {
		t.Errorf("%d, %v, %d held", n, err, len(c.held))
	}
	c.Cork()
	_, _ = c.Write(random(1, 100))
	if err := c.Uncork(); err == nil || len(c.held) != 0 {
		t.Errorf("part: %v, %d held", err, len(c.held))
	}
}

// random is n bytes that do not repeat.
func random(seed byte, n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(b) // it has no errors
	return b
}
