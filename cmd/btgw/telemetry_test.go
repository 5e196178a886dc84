package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
)

// collector takes traces as an OTLP collector does.
type collector struct {
	mu     sync.Mutex
	traces bytes.Buffer // protobuf, in which names are plain text
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		body, _ = gzip.NewReader(r.Body)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.URL.Path == "/v1/traces" {
		io.Copy(&c.traces, body)
	}
}

// TestTracesLeaveByOTLP changes the environment, so it does not run beside others.
func TestTracesLeaveByOTLP(t *testing.T) {
	at, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &collector{}
	server := &http.Server{Handler: c}
	served := make(chan struct{})
	go func() { defer close(served); server.Serve(at) }()
	t.Cleanup(func() { server.Close(); <-served })
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://"+at.Addr().String())
	t.Setenv("OTEL_SERVICE_NAME", "a btgw under test")

	s := newSwarm(t, 1, 0, "small.bin", demoFile{nil, 1 << 20, noise(9)})
	g := serveOn(t, t.TempDir())
	if answer, _ := get(t, g.url+s.torrent.Info.ID().Path()+"/small.bin?tr="+s.announce); answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != exitOK {
		t.Errorf("status %d", status)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, want := range []string{"GET /btih/", "a btgw under test", "metadata", "http.response.status_code"} {
		if !bytes.Contains(c.traces.Bytes(), []byte(want)) {
			t.Errorf("no %q in %d bytes of traces", want, c.traces.Len())
		}
	}
	if bytes.Contains(c.traces.Bytes(), []byte("announce")) {
		t.Error("a tracker's address is in the traces")
	}
}

// TestTelemetryThatIsMisspelled is refused at the start, not ignored.
func TestTelemetryThatIsMisspelled(t *testing.T) {
	t.Setenv("OTEL_TRACES_EXPORTER", "oltp")
	status, _, stderr := result(t, "serve", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=none", "--cache-size=0")
	if status != exitFailed || !bytes.Contains([]byte(stderr), []byte("OTEL_TRACES_EXPORTER")) {
		t.Errorf("status %d: %s", status, stderr)
	}
}
