package gateway

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/gateway/h1"
	"github.com/btgw/btgw/metainfo"
)

// Both lanes send the pages of a file on disk, with the header in front, and nothing of them passes through this
// process. Where they are not to be had the bytes go out in the other way.
func TestFilePages(t *testing.T) {
	l := newLanes(t, nil)
	data := random(1, 3<<20+77)
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": data})
	head := "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\n"
	l.prime(t, head+"Range: bytes=0-9\r\n\r\n")
	for _, test := range []struct {
		lines    string
		off, end int
		change   func(*fakeContent)
		taken    bool
	}{
		{"", 0, len(data), nil, true},
		{"Range: bytes=65536-131071\r\n", 65536, 131072, nil, true},
		{"Range: bytes=1-3000000\r\n", 1, 3000001, nil, true},
		{"Range: bytes=3145727-\r\n", 3145727, len(data), nil, true},
		{"", 0, len(data), func(c *fakeContent) { c.changed = true }, false},
	} {
		onDisk(t, l.backend, data, test.change)
		before := l.backend.paged.Load()
		answer, fast := l.same(t, head+test.lines+"\r\n")
		_, body, _ := bytes.Cut([]byte(answer), []byte("\r\n\r\n"))
		if !fast || !bytes.Equal(body, data[test.off:test.end]) {
			t.Errorf("%q: fast %v, %d bytes of %d, or others", test.lines, fast, len(body), test.end-test.off)
		}
		want := int64(0)
		if test.taken {
			want = 2 * int64(test.end-test.off)
		}
		allClosed(t, l.backend) // an answer is read before it is counted
		if n := l.backend.paged.Load() - before; n != want {
			t.Errorf("%q: %d bytes of %d as pages", test.lines, n, want)
		}
	}
	// What follows on the connection is in order: the lengths were counted.
	for _, k := range l.conns {
		if a, ok := k.ask(t, head+"Range: bytes=0-9\r\n\r\n"); !ok || !bytes.HasSuffix(a, data[:10]) {
			t.Errorf("the connection ended with %.300q", a)
		}
	}
}

// Over TLS, and HTTP/2, all is copied.
func TestFilePagesNotOverTLS(t *testing.T) {
	g, pool := serveTLS(t)
	hash, data := g.single(t, "a.bin", 1<<20)
	onDisk(t, g.backend, data, nil)
	for _, http2 := range []bool{false, true} {
		transport := &http.Transport{Protocols: new(http.Protocols), TLSClientConfig: &tls.Config{RootCAs: pool}}
		transport.Protocols.SetHTTP1(!http2)
		transport.Protocols.SetHTTP2(http2)
		res, err := (&http.Client{Transport: transport}).Get("https://" + g.addr + hash.Path() + "/a.bin")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		transport.CloseIdleConnections()
		if err != nil || !bytes.Equal(body, data) || g.backend.paged.Load() != 0 {
			t.Errorf("%s: %d bytes, %v, %d as pages", res.Proto, len(body), err, g.backend.paged.Load())
		}
	}
}

// What is not taken as pages counts once against a client's rate, when it goes out in another way.
func TestFilePagesAreCountedOnce(t *testing.T) {
	const size, room = 200_000, 300_000
	data := random(1, size)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	client, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := h1.Listener{Listener: ln}.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	got := make(chan []byte, 1)
	go func() {
		b, _ := io.ReadAll(client)
		got <- b
	}()
	pace := rate.NewLimiter(rate.Limit(1e-9), room)
	to := &fastWriter{conn: conn.(*h1.Conn), head: []byte("head")}
	res := &response{ResponseWriter: to, control: http.NewResponseController(to), pace: pace}
	w := &windowWriter{to: res, ctx: t.Context(), timeout: time.Minute}
	file := tempFile(t, data)
	if n, err := w.WritePages(file, 0, size/2, func() bool { return true }); n != size/2 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if n, err := w.WritePages(file, size/2, size/2, func() bool { return false }); n != 0 || err != nil {
		t.Errorf("%d bytes that are not to be sent, %v", n, err)
	}
	if n, err := w.Write(data[size/2:]); n != size/2 || err != nil {
		t.Errorf("%d bytes, %v", n, err)
	}
	if left := pace.Tokens(); left != room-size || res.bytes != size {
		t.Errorf("%.0f bytes are left of %d, %d were sent", left, room, res.bytes)
	}
	conn.Close()
	if b := <-got; !bytes.Equal(b, append([]byte("head"), data...)) {
		t.Errorf("%d bytes came, or others", len(b))
	}
}
