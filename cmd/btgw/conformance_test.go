package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

// The suite runs against a whole btgw and its swarm, by URL, and passes.
func TestConformanceCommand(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 2, 24<<20, "film.mkv", demoFile{nil, 300_000, noise(3)})
	g := serveOn(t, t.TempDir())
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"conformance", "--url", g.url, "--infohash", s.torrent.Info.ID().String(), "--hints", "tr=" + s.announce}, nil, &stdout, &stderr)
	if status != exitOK || !strings.Contains(stdout.String(), " 0 failed") || !strings.Contains(stdout.String(), "pass  range-first-byte") {
		t.Errorf("status %d\n%s%s", status, stdout.String(), stderr.String())
	}

	// A server of another kind fails, and --failures prints no more than why.
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	stdout.Reset()
	status = run(t.Context(), []string{"conformance", "--url", other.URL, "--failures"}, nil, &stdout, &stderr)
	if out := stdout.String(); status != exitFailed || !strings.Contains(out, "FAIL  magnet-xt") || strings.Contains(out, "pass  ") || strings.Contains(out, " 0 passed") {
		t.Errorf("another server: status %d\n%s", status, out)
	}
	g.signal(syscall.SIGTERM)
	g.status()

	stdout.Reset()
	for _, args := range [][]string{{"conformance"}, {"conformance", "--url", g.url, "--infohash", "x"}} {
		if status := run(t.Context(), args, nil, &stdout, &stderr); status != exitUsage {
			t.Errorf("%v: status %d", args, status)
		}
	}
	if status := run(t.Context(), []string{"conformance", "--url", g.url}, nil, &stdout, &stderr); status != exitFailed {
		t.Errorf("a gateway that is gone: status %d", status)
	}
}
