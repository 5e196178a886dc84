package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// An allowlist that was never fetched permits nothing. A reload fetches it. A start without its server has the last good one,
// and a failure is counted.
func TestListsOfURLs(t *testing.T) {
	t.Parallel()
	s := newSwarm(t, 1, 0, "a.bin", demoFile{nil, 1 << 20, noise(3)})
	path := s.torrent.Info.ID().Path()
	var list atomic.Value // string; "" for an error
	list.Store("")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if text := list.Load().(string); text != "" {
			_, _ = io.WriteString(w, text)
			return
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	dir := t.TempDir()
	args := []string{"--mode=allowlist", "--allowlist=" + server.URL + "/list?token=secret", "--denylist=" + server.URL + "/deny", "--list-interval=1h"}
	client := &http.Client{Timeout: testTime, Transport: &http.Transport{DisableKeepAlives: true}}
	get := func(url string) (int, string) {
		answer, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body)
	}
	asks := func(g *gatewayProcess) int {
		status, _ := get(g.url + path + "/a.bin?tr=" + s.announce)
		return status
	}
	g := serveOn(t, dir, args...)
	if got := asks(g); got != http.StatusForbidden {
		t.Errorf("without a list: %d", got)
	}
	if text := g.stderr.String(); strings.Count(text, "there is no list yet") != 2 || strings.Contains(text, "secret") {
		t.Errorf("it says %s", text)
	}
	list.Store("# both lists\n//" + strings.Repeat("0", 64) + "\n")
	g.signal(syscall.SIGHUP)
	until(t, "lists are fetched", func() bool { return strings.Count(g.stderr.String(), "a changed file is in force") == 2 })
	if got := asks(g); got != http.StatusForbidden {
		t.Errorf("not on the list: %d", got)
	}
	g.signal(syscall.SIGTERM)
	g.status()

	args[2] = "--denylist=" // the allowlist alone from here on
	list.Store(path + "\n")
	g = serveOn(t, dir, args...)
	until(t, "the new list is in force", func() bool { return asks(g) == http.StatusOK })
	g.signal(syscall.SIGTERM)
	g.status()

	server.Close()
	g = serveOn(t, dir, args...)
	if got := asks(g); got != http.StatusOK {
		t.Errorf("without its server: %d", got)
	}
	until(t, "the failure is counted", func() bool {
		_, metrics := get(g.admin + "/metrics")
		for line := range strings.SplitSeq(metrics, "\n") {
			if strings.HasPrefix(line, "btgw_list_fetches") && strings.Contains(line, `"failed"`) {
				return strings.HasSuffix(line, " 1")
			}
		}
		return false
	})
}
