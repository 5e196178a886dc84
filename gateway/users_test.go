package gateway

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/reload"
)

// keyed starts a server for users, a line each.
func keyed(t *testing.T, change func(*Config), lines ...string) *gatewayTest {
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

// A key has so many requests at once, and its rate is of all of them together, to a hundredth.
func TestUserLimits(t *testing.T) {
	const rate, streams = 2_000_000, 100
	g := keyed(t, func(cfg *Config) { cfg.MaxStreamsPerClient = Unbounded }, userLine("alice", "a", "streams="+strconv.Itoa(streams)+" rate="+strconv.Itoa(rate)))
	one, _ := g.single(t, "a.mkv", 30_000)
	var bytes atomic.Int64
	var all sync.WaitGroup
	begun := time.Now()
	for range streams {
		all.Go(func() { bytes.Add(int64(len(g.get(t, one.Path()+"/a.mkv", "Authorization: Bearer a").body))) })
	}
	all.Wait()
	took := time.Since(begun)
	if bytes.Load() != streams*30_000 {
		t.Fatalf("%d bytes", bytes.Load())
	}
	// A tenth of a second's bytes are free at the start.
	if got := float64(bytes.Load()-rate/10) / took.Seconds(); got > 1.01*rate {
		t.Errorf("%.0f bytes a second, of %d", got, rate)
	}
}
