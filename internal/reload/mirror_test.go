package reload

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// listServer serves one document.
type listServer struct {
	mu     sync.Mutex
	body   string
	tag    string
	status int
	asked  []string // If-None-Match of each request
}

func (s *listServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, r.Header.Get("If-None-Match"))
	if s.status != 0 {
		w.WriteHeader(s.status)
		return
	}
	if s.tag != "" {
		w.Header().Set("ETag", s.tag)
		if r.Header.Get("If-None-Match") == s.tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	_, _ = io.WriteString(w, s.body)
}

func (s *listServer) set(body, tag string, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.body, s.tag, s.status = body, tag, status
}

func notBad(r io.Reader) error {
	b, err := io.ReadAll(r)
	if strings.HasPrefix(string(b), "bad") {
		return errors.New("bad text")
	}
	return err
}

// The copy is the newest good document; what is faulty, too long or not there leaves it, is said once, and counted. A restart
// without a network has it still.
func TestMirror(t *testing.T) {
	list := &listServer{}
	server := httptest.NewServer(list)
	defer server.Close()
	var log bytes.Buffer
	cfg := MirrorConfig{
		What: "allowlist", URL: server.URL + "/secret?token=1", Dir: t.TempDir(), Client: server.Client(), Most: 20, Check: notBad,
		Every: time.Hour, Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	m, err := NewMirror(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if !m.Empty() {
		t.Error("there is a document before the first")
	}
	f, err := Open(m.File(), 1<<20, read)
	if err != nil || f.Load() != "" {
		t.Fatalf("%q, %v", f.Load(), err)
	}
	for i, c := range []struct {
		body, tag string
		status    int
		asks      string // If-None-Match
		now       string
		stats     MirrorStats
	}{
		{"", "", 500, "", "", MirrorStats{Failed: 1}},
		{"one", `"1"`, 0, "", "one", MirrorStats{Fetched: 1, Failed: 1}},
		{"one", `"1"`, 0, `"1"`, "one", MirrorStats{Fetched: 1, Unchanged: 1, Failed: 1}},
		{"bad", `"2"`, 0, `"1"`, "one", MirrorStats{Fetched: 1, Unchanged: 1, Failed: 2}},
		{"bad", `"2"`, 0, `"1"`, "one", MirrorStats{Fetched: 1, Unchanged: 1, Failed: 3}},
		{strings.Repeat("x", 21), `"3"`, 0, `"1"`, "one", MirrorStats{Fetched: 1, Unchanged: 1, Failed: 4}},
		{"", "", 404, `"1"`, "one", MirrorStats{Fetched: 1, Unchanged: 1, Failed: 5}},
		{"two", "", 0, `"1"`, "two", MirrorStats{Fetched: 2, Unchanged: 1, Failed: 5}},
		{"two", "", 0, "", "two", MirrorStats{Fetched: 2, Unchanged: 2, Failed: 5}},
	} {
		list.set(c.body, c.tag, c.status)
		m.Fetch(t.Context())
		if _, err := f.Reload(true); err != nil {
			t.Fatal(err)
		}
		got := f.Load()
		if got != "" {
			_, got, _ = strings.Cut(got, "\n")
		}
		if asked := list.asked[len(list.asked)-1]; got != c.now || m.Stats() != c.stats || asked != c.asks {
			t.Errorf("%d: %q is in force, %+v, it asked with %s", i, got, m.Stats(), asked)
		}
	}
	if n := strings.Count(log.String(), "was not fetched"); n != 4 {
		t.Errorf("%d failures were said: %s", n, &log)
	}
	if strings.Contains(log.String(), "secret") || strings.Contains(log.String(), "token") {
		t.Errorf("the URL is logged: %s", &log)
	}
	server.Close()
	again, err := NewMirror(cfg)
	if err != nil || again.Empty() || again.File() != m.File() {
		t.Errorf("after a restart: %v", err)
	}
	again.Fetch(t.Context())
	if _, kept, err := again.read(); string(kept) != "two" || err != nil || again.Stats().Failed != 1 {
		t.Errorf("without a network there is %q, %v", kept, err)
	}
	cfg.URL += "&other"
	if other, err := NewMirror(cfg); err != nil || !other.Empty() {
		t.Errorf("the document of another URL is there: %v", err)
	}
}

// A document that breaks off is none.
func TestMirrorBrokenOff(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		fmt.Fprint(w, "half")
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	m, err := NewMirror(MirrorConfig{
		What: "denylist", URL: server.URL, Dir: t.TempDir(), Client: server.Client(), Most: 20, Check: notBad,
		Every: time.Hour, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	if m.Fetch(t.Context()); !m.Empty() || m.Stats().Failed != 1 {
		t.Errorf("%+v", m.Stats())
	}
}
