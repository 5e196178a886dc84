package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The suite runs against a whole btgw and its swarm, by URL, and passes, with the rules that need settings.
func TestConformanceCommand(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 2, 24<<20, "film.mkv", demoFile{nil, 300_000, noise(3)})
	part := newSwarm(t, 1, 0, "part", demoFile{[]string{"kept.txt"}, 50_000, noise(5)}, demoFile{[]string{"denied one.txt"}, 50_000, noise(6)})
	denied := []string{"/btih/" + strings.Repeat("cd", 20), part.torrent.Info.ID().Path() + "/part/denied%20one.txt"}
	list := filepath.Join(t.TempDir(), "denylist")
	if err := os.WriteFile(list, []byte(denied[0]+" reason=legal\n"+denied[1]+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	g := serveOn(t, t.TempDir(), "--subdomain-host=gw.example", "--denylist="+list)
	if answer, _ := get(t, g.url+part.torrent.Info.ID().Path()+"/?tr="+url.QueryEscape(part.announce)); answer.StatusCode != http.StatusOK {
		t.Fatalf("the torrent that is denied in part: %s", answer.Status)
	}
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), []string{"conformance", "--url", g.url, "--infohash", s.torrent.Info.ID().String(), "--hints", "tr=" + s.announce,
		"--subdomain-host", "gw.example", "--denied", denied[0], "--denied", denied[1], "--dying", dyingFile(t, g)}, nil, &stdout, &stderr)
	if status != exitOK || !strings.Contains(stdout.String(), " 0 failed") || !strings.Contains(stdout.String(), "pass     range-first-byte") {
		t.Errorf("status %d\n%s%s", status, stdout.String(), stderr.String())
	}

	for _, rule := range []string{"own-file", "own-nobody", "denied", "denied-others", "denied-own-host", "cut-length", "cut-http2", "cut-resume"} {
		if !strings.Contains(stdout.String(), "pass     "+rule+" ") {
			t.Errorf("%s was not run", rule)
		}
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

// dyingFile is the path of a film that the gateway has the beginning of, and nobody the end: its
// seeder is gone.
func dyingFile(t *testing.T, g *gatewayProcess) string {
	t.Helper()
	s := newSwarm(t, 1, 4<<20, "dying.mkv", demoFile{nil, 24 << 20, noise(4)})
	path := s.torrent.Info.ID().Path() + "/dying.mkv"
	answer := open(t, g.url+path+"?tr="+url.QueryEscape(s.announce))
	defer answer.Body.Close()
	if n, err := io.CopyN(io.Discard, answer.Body, 1<<20); err != nil {
		t.Fatalf("%s, %d bytes: %v", answer.Status, n, err)
	}
	s.seeders[0].end()
	return path
}
