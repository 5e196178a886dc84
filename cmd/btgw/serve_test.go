package main

import (
	"bytes"
	"crypto/sha256"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// madeUpBytes are the content of a made-up file.
func madeUpBytes(t *testing.T, f demoFile) []byte {
	t.Helper()
	b, err := io.ReadAll(f.reader())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestServeDrainsOnSIGTERM(t *testing.T) {
	t.Parallel()
	large := demoFile{nil, 32 << 20, noise(9)}      // more than the buffers of sockets hold
	s := newSwarm(t, 2, 24<<20, "large.bin", large) // below what the disk takes, so that all of it is kept
	cacheDir := t.TempDir()
	g := serveOn(t, cacheDir)
	if answer, _ := get(t, g.admin+"/readyz"); answer.StatusCode != http.StatusOK {
		t.Fatalf("not ready: %s", answer.Status)
	}
	url := g.url + s.torrent.Info.ID().Path() + "/large.bin"
	stream := open(t, url+"?tr="+s.announce)
	defer stream.Body.Close()
	if stream.StatusCode != http.StatusOK {
		t.Fatalf("%s", stream.Status)
	}
	sum := sha256.New()
	if _, err := io.CopyN(sum, stream.Body, 1<<20); err != nil {
		t.Fatal(err)
	}

	g.signal(syscall.SIGTERM)
	until(t, "/readyz says 503", func() bool {
		answer, _ := get(t, g.admin+"/readyz")
		return answer.StatusCode == http.StatusServiceUnavailable
	})
	if answer, _ := get(t, url); answer.StatusCode != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
		t.Errorf("a new request while draining: %s, Retry-After %q", answer.Status, answer.Header.Get("Retry-After"))
	}
	if _, err := io.Copy(sum, stream.Body); err != nil {
		t.Errorf("the stream under way was cut: %v", err)
	}
	want := sha256.Sum256(madeUpBytes(t, large))
	if !bytes.Equal(sum.Sum(nil), want[:]) {
		t.Error("the bytes are wrong")
	}
	if status := g.status(); status != exitOK {
		t.Errorf("status %d: %s", status, g.stderr.String())
	}

	// What was fetched is on disk with its records: a new process serves it with no peer alive.
	for _, seeder := range s.seeders {
		seeder.end()
	}
	again := serveOn(t, cacheDir)
	answer, body := get(t, again.url+s.torrent.Info.ID().Path()+"/large.bin")
	if answer.StatusCode != http.StatusOK || sha256.Sum256(body) != want {
		t.Errorf("after a restart: %s, %d bytes", answer.Status, len(body))
	}
}

// A folder that takes nothing any more costs what was not saved, and a warning. A stop in order is no failure by it.
func TestServeStopsWithoutItsFolder(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "large.bin", demoFile{nil, 1 << 20, noise(9)})
	cacheDir := filepath.Join(t.TempDir(), "cache")
	g := serveOn(t, cacheDir)
	if answer, body := get(t, g.url+s.torrent.Info.ID().Path()+"/large.bin?tr="+s.announce); answer.StatusCode != http.StatusOK || len(body) != 1<<20 {
		t.Fatalf("%s, %d bytes", answer.Status, len(body))
	}
	if err := os.RemoveAll(cacheDir); err != nil {
		t.Fatal(err)
	}
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != exitOK {
		t.Errorf("status %d: %s", status, g.stderr.String())
	}
	if n := strings.Count(g.stderr.String(), "not all was saved"); n != 1 {
		t.Errorf("it says %d times that something was not saved: %s", n, g.stderr.String())
	}
}

func TestServeSaysStopped(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 2, 0, "large.bin", demoFile{nil, 32 << 20, noise(9)})
	g := serveOn(t, t.TempDir())
	// A range, so that there is nothing else to announce when it ends: "completed" would race with "stopped".
	request, err := http.NewRequest(http.MethodGet, g.url+s.torrent.Info.ID().Path()+"/large.bin?tr="+s.announce, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Range", "bytes=0-99")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: testTime}
	answer, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusPartialContent {
		t.Fatal(answer.Status)
	}
	until(t, "each announce was answered", func() bool {
		_, body := get(t, g.admin+"/metrics")
		return s.known() == 3 && regexp.MustCompile(`btgw_fetch_trackers\{btgw_outcome="answered"[^}]*\} 2\n`).Match(body)
	})
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != exitOK {
		t.Errorf("status %d: %s", status, g.stderr.String())
	}
	if n := s.known(); n != 2 {
		t.Errorf("the tracker knows %d peers, not the seeders alone", n)
	}
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "large.bin", demoFile{nil, 48 << 20, noise(9)})
	g := serveOn(t, t.TempDir())
	stream := open(t, g.url+s.torrent.Info.ID().Path()+"/large.bin?tr="+s.announce)
	defer stream.Body.Close()
	if _, err := io.CopyN(io.Discard, stream.Body, 1<<10); err != nil {
		t.Fatal(err)
	}
	g.signal(syscall.SIGTERM)
	until(t, "/readyz says 503", func() bool {
		answer, _ := get(t, g.admin+"/readyz")
		return answer.StatusCode == http.StatusServiceUnavailable
	})
	g.signal(syscall.SIGINT)
	if status := g.status(); status != exitSignal+int(syscall.SIGINT) {
		t.Errorf("status %d", status)
	}
}

func TestPortInUse(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, flag := range []string{"--listen=", "--admin-listen=", "--peer-listen="} {
		args := []string{"serve", "--cache-dir=" + t.TempDir()}
		for _, f := range []string{"--listen=", "--admin-listen=", "--peer-listen="} {
			if f == flag {
				args = append(args, f+taken.Addr().String())
			} else {
				args = append(args, f+"127.0.0.1:0")
			}
		}
		status, stdout, stderr := result(t, args...)
		want := "btgw: " + flag[:len(flag)-1] + ": " + taken.Addr().String() + " is in use: stop the program that has it"
		if status != exitFailed || stdout != "" || !strings.HasPrefix(stderr, want) {
			t.Errorf("status %d, printed %q and %q, want %q", status, stdout, stderr, want)
		}
	}
}

// TestBindIsNotThere: an interface that is not there is told before the cache is opened, which may take long.
func TestBindIsNotThere(t *testing.T) {
	t.Parallel()
	for _, bind := range []string{"nosuch0", "192.0.2.77"} {
		dir := filepath.Join(t.TempDir(), "cache")
		status, stdout, stderr := result(t, "serve", "--listen=127.0.0.1:0", "--admin-listen=none", "--bind="+bind, "--cache-dir="+dir)
		want := "btgw: --bind: " + bind + " is no interface or address of this machine now: is the VPN up?\n"
		if status != exitFailed || stdout != "" || stderr != want {
			t.Errorf("status %d, printed %q and %q, want %q", status, stdout, stderr, want)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("the cache was opened before: %v", err)
		}
	}
}

func TestCacheInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	serveOn(t, dir)
	status, _, stderr := result(t, "serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--peer-listen=127.0.0.1:0", "--cache-dir="+dir)
	if status != exitFailed || !strings.Contains(stderr, dir) || !strings.Contains(stderr, "in use") || !strings.Contains(stderr, "--cache-dir") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// TestCacheOfNoUse: where there can be no cache, the error says how to name another folder.
func TestCacheOfNoUse(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "cache"), "/proc/nothing"} {
		status, stdout, stderr := result(t, "serve", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=none", "--no-dht", "--cache-dir="+dir)
		if status != exitFailed || stdout != "" || !strings.Contains(stderr, dir) || !strings.HasSuffix(stderr, "by --cache-dir\n") {
			t.Errorf("status %d: %s", status, stderr)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	g := serveOn(t, t.TempDir())
	at := strings.TrimPrefix(g.admin, "http://")
	if status, stdout, _ := result(t, "health", "--admin-listen="+at); status != exitOK || stdout != "ready\n" {
		t.Errorf("status %d, %q", status, stdout)
	}
	g.signal(syscall.SIGTERM)
	if status := g.status(); status != exitOK {
		t.Errorf("serve: status %d", status)
	}
	if status, _, stderr := result(t, "health", "--admin-listen="+at); status != exitFailed || !strings.Contains(stderr, "not running") {
		t.Errorf("status %d, %q", status, stderr)
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "small.bin", demoFile{nil, 1 << 20, noise(9)})
	g := serveOn(t, t.TempDir())
	if answer, _ := get(t, g.url+s.torrent.Info.ID().Path()+"/small.bin?tr="+s.announce); answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
	_, body := get(t, g.admin+"/metrics")
	for _, want := range []string{
		"\nbtgw_cache_pieces ", "\nbtgw_peer_connections ", "btgw_fetch_payload_bytes_total{", `btgw_direction="served"`,
		`service_name="btgw"`, "go_goroutines ", "process_resident_memory_bytes ",
	} {
		if !bytes.Contains(body, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	if bytes.Contains(body, []byte(s.torrent.Info.ID().String())) {
		t.Error("an infohash is in the metrics")
	}
	if t.Failed() {
		t.Logf("%s", body)
	}
}
