package gateway

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/trace/noop"
)

// A watchedConn counts what reaches the connection by ReadFrom, which is where
// the kernel's sendfile is.
type watchedConn struct {
	*net.TCPConn
	fromFile *atomic.Int64
}

func (c watchedConn) ReadFrom(r io.Reader) (int64, error) {
	n, err := c.TCPConn.ReadFrom(r)
	if part, ok := r.(*io.LimitedReader); ok {
		if _, ok := part.R.(*os.File); ok {
			c.fromFile.Add(n)
		}
	}
	return n, err
}

type watchedListener struct {
	net.Listener
	fromFile *atomic.Int64
}

func (l watchedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return watchedConn{conn.(*net.TCPConn), l.fromFile}, nil
}

// A file in the cache goes to the socket without passing through this process,
// and is counted.
func TestSendfile(t *testing.T) {
	g := serve(t, nil)
	const size = 3 << 20
	hash, data := g.single(t, "a.bin", size)
	path := filepath.Join(t.TempDir(), "a")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	setHook(g.backend, &g.backend.onOpen, func(c *fakeContent) { c.file = file })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var fromFile atomic.Int64
	go func() { _ = g.Serve(watchedListener{ln, &fromFile}) }()
	res, err := http.Get("http://" + ln.Addr().String() + hash.Path() + "/a.bin")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	res.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if err != nil || string(body) != string(data) {
		t.Fatalf("%d bytes, %v", len(body), err)
	}
	// net/http sends the first 512 bytes together with the header.
	if n := fromFile.Load(); n < size-512 {
		t.Errorf("%d bytes of %d by sendfile", n, size)
	}
}

// The warm path: a keep-alive connection, 64 KiB ranges of a file; metrics are
// counted and spans go nowhere, as by default.
func BenchmarkWarmRange(b *testing.B) {
	const length = 64 << 10
	g := serve(b, func(cfg *Config) {
		cfg.TracerProvider = noop.NewTracerProvider()
		cfg.MeterProvider = sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
	})
	hash, _ := g.single(b, "a.bin", 8<<20)
	conn, err := net.Dial("tcp", g.addr)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	request := []byte("GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nRange: bytes=65536-131071\r\n\r\n")
	answer := make([]byte, length+4096)
	if _, err := conn.Write(request); err != nil {
		b.Fatal(err)
	}
	got, err := io.ReadAtLeast(conn, answer, 4096)
	if err != nil {
		b.Fatal(err)
	}
	n := bytes.Index(answer, []byte("\r\n\r\n")) + 4 + length // of every answer
	if _, err := io.ReadFull(conn, answer[got:n]); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(length)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := conn.Write(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(conn, answer[:n]); err != nil {
			b.Fatal(err)
		}
	}
}
