package gateway

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

// userFile has users, a line each, who have spent nothing.
func userFile(t *testing.T, lines ...string) (*reload.File[*access.Users], *access.Accounts) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(name, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	parse := access.UserParser(func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })
	known, err := reload.Open(name, access.MaxKeyFile, parse)
	if err != nil {
		t.Fatal(err)
	}
	accounts, err := access.OpenAccounts("")
	if err != nil {
		t.Fatal(err)
	}
	return known, accounts
}

// keyed starts a server for users, a line each.
func keyed(t *testing.T, change func(*Config), lines ...string) *gatewayTest {
	t.Helper()
	known, accounts := userFile(t, lines...)
	return serve(t, func(cfg *Config) {
		cfg.Users, cfg.Accounts = known, accounts
		if change != nil {
			change(cfg)
		}
	})
}

func userLine(name, key, limits string) string {
	sum := sha256.Sum256([]byte(key))
	return name + " sha256:" + hex.EncodeToString(sum[:]) + " " + limits
}

// Content is for who shows a key, as a token or as a password; others are asked for one, and nothing is
// looked up for them.
func TestUsers(t *testing.T) {
	g := keyed(t, nil, userLine("alice", "a", ""), userLine("bob", "b", "add=no"), userLine("carl", "c", "day=600000"))
	one, content := g.single(t, "a.mkv", 400_000)
	path, unknown := one.Path()+"/a.mkv", "/btih/"+strings.Repeat("a", 40)+"/"
	as := func(key string) string { return "Authorization: Bearer " + key }
	begun := g.backend.infos
	for _, lines := range [][]string{nil, {as("x")}, {"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("bob:a"))}} {
		a := g.get(t, path, append(lines, "Accept: application/json")...)
		if a.status != 401 || len(a.header["Www-Authenticate"]) != 2 || a.get("Cache-Control") != cacheNone || !bytes.Contains(a.body, []byte("key-needed")) {
			t.Errorf("%q: %d %v %s", lines, a.status, a.header, a.body)
		}
	}
	if a := g.get(t, unknown, as("b")); a.status != 403 {
		t.Errorf("bob adds a torrent: %d", a.status)
	}
	if g.backend.infos != begun {
		t.Error("a refused request asked the swarm")
	}
	for _, line := range []string{as("a"), as("b"), "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("alice:a"))} {
		a := g.get(t, path, line)
		if a.status != 200 || !bytes.Equal(a.body, content) || !strings.HasPrefix(a.get("Cache-Control"), "private, max-age=31536000") {
			t.Errorf("%s: %d %q", line, a.status, a.get("Cache-Control"))
		}
	}
	// carl has 600,000 bytes a day: one whole file, a part of the next, and then a word of when to come again.
	if a := g.get(t, path, as("c")); a.status != 200 || a.cut {
		t.Errorf("%d, cut %t", a.status, a.cut)
	}
	if a := g.get(t, path, as("c")); a.status != 200 || !a.cut || len(a.body) != 200_000 {
		t.Errorf("%d, %d bytes, cut %t", a.status, len(a.body), a.cut)
	}
	a := g.get(t, path, as("c"), "Accept: application/json")
	wait, err := strconv.Atoi(a.get("Retry-After"))
	if a.status != 429 || err != nil || wait < 1 || wait > 24*60*60 || !strings.HasPrefix(a.get("Ratelimit"), `"day";r=0;t=`) || !bytes.Contains(a.body, []byte(":quota")) {
		t.Errorf("%d %v %s", a.status, a.header, a.body)
	}
}

// With links too, either lets in.
func TestUsersAndLinks(t *testing.T) {
	other, keys := signing(t, nil)
	_ = other
	g := keyed(t, func(cfg *Config) { cfg.LinkKeys = keys }, userLine("alice", "a", ""))
	one, _ := g.single(t, "a.mkv", 100)
	path := one.Path() + "/a.mkv"
	p := signed(t, keys, access.Link{Path: path}, "")
	bad := p
	bad.Expires += "0"
	for name, c := range map[string]struct {
		path   string
		lines  []string
		status int
	}{
		"a key":      {path, []string{"Authorization: Bearer a"}, 200},
		"a link":     {path + "?" + p.Query(), nil, 200},
		"a bad link": {path + "?" + bad.Query(), nil, 403},
		"none":       {path, nil, 401},
	} {
		if a := g.get(t, c.path, c.lines...); a.status != c.status {
			t.Errorf("%s: %d, not %d", name, a.status, c.status)
		}
	}
}

// A hundred transfers by one key have its rate together, and its bytes of a day, to a hundredth: neither more nor less.
func TestUserLimits(t *testing.T) {
	const rate, streams, size, day = 2_000_000, 100, 300_000, 10_000_000
	for name, c := range map[string]struct {
		limit  string
		bytes  int64
		cut    bool
		begins int64 // bytes that are free at the start
	}{
		"a rate":  {"rate=" + strconv.Itoa(rate), streams * size, false, rate / 10},
		"a quota": {"day=" + strconv.Itoa(day), day, true, 0},
		"both":    {"rate=" + strconv.Itoa(rate) + " day=" + strconv.Itoa(day), day, true, rate / 10},
	} {
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				known, accounts := userFile(t, userLine("alice", "a", "streams="+strconv.Itoa(streams)+" "+c.limit))
				backend := newFakeBackend()
				hash := backend.add(t, "a.mkv", metainfo.V1, map[string][]byte{"": random(1, size)})
				s, err := New(Config{Backend: backend, Log: slog.New(slog.DiscardHandler), Users: known, Accounts: accounts, MaxStreamsPerClient: Unbounded})
				if err != nil {
					t.Fatal(err)
				}
				ln := newPipeListener()
				served := make(chan error, 1)
				go func() { served <- s.Serve(ln) }()
				t.Cleanup(func() {
					if err := errors.Join(s.Shutdown(context.Background()), <-served); err != nil {
						t.Error(err)
					}
				})
				var came, cut atomic.Int64
				var all sync.WaitGroup
				begun := time.Now()
				for range streams {
					all.Go(func() {
						conn := ln.dial()
						defer conn.Close()
						_, _ = io.WriteString(conn, "GET "+hash.Path()+"/a.mkv HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer a\r\nConnection: close\r\n\r\n")
						res, err := http.ReadResponse(bufio.NewReader(conn), nil)
						var n int64
						switch {
						case err != nil: // the last bytes were spent before the first of this transfer, whose header was not out
						case res.StatusCode == 429:
							err = io.EOF
						case res.StatusCode != 200:
							t.Error(res.Status)
						default:
							n, err = io.Copy(io.Discard, res.Body)
						}
						if came.Add(n); err != nil {
							cut.Add(1)
						}
					})
				}
				all.Wait()
				took := time.Since(begun).Seconds()
				if n := came.Load(); n > c.bytes || n < c.bytes*99/100 || (cut.Load() > 0) != c.cut {
					t.Errorf("%d bytes of %d, %d transfers cut", n, c.bytes, cut.Load())
				}
				want := float64(c.bytes-c.begins) / rate
				if c.begins == 0 {
					want = 0
				}
				if took < 0.99*want || took > 1.01*want {
					t.Errorf("it took %.3f s, not %.3f", took, want)
				}
			})
		})
	}
}
