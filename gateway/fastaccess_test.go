package gateway

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/gateway/limit"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
)

// closedLanes are proxiedLanes that give content to users, and to holders of links.
type closedLanes struct {
	*proxiedLanes
	usersFile string
	users     *reload.File[*access.Users]
	keys      *reload.File[*access.Keys]
}

func newClosedLanes(t testing.TB, change func(*Config), users ...string) *closedLanes {
	t.Helper()
	dir := t.TempDir()
	l := &closedLanes{usersFile: filepath.Join(dir, "users")}
	keysFile := filepath.Join(dir, "keys")
	l.setUsers(t, users...)
	if err := os.WriteFile(keysFile, []byte(linkKeys), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if l.users, err = reload.Open(l.usersFile, access.MaxKeyFile, access.UserParser(func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })); err != nil {
		t.Fatal(err)
	}
	if l.keys, err = reload.Open(keysFile, access.MaxKeyFile, access.ParseKeys); err != nil {
		t.Fatal(err)
	}
	l.proxiedLanes = newProxiedLanes(t, func(cfg *Config) {
		accounts, err := access.OpenAccounts("")
		if err != nil {
			t.Fatal(err)
		}
		cfg.Users, cfg.LinkKeys, cfg.Accounts = l.users, l.keys, accounts // each server counts for itself
		if change != nil {
			change(cfg)
		}
	})
	return l
}

func (l *closedLanes) setUsers(t testing.TB, users ...string) {
	t.Helper()
	if err := os.WriteFile(l.usersFile, []byte(strings.Join(users, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
}

// link makes one that holds for longer than anything may be kept, unless it says when it ends.
func (l *closedLanes) link(t testing.TB, link access.Link) access.Params {
	t.Helper()
	if link.Expires.IsZero() {
		link.Expires = time.Now().Add(1000 * 24 * time.Hour)
	}
	p, err := l.keys.Load().Sign(link, "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// again connects anew: a cut ended the connections.
func (l *closedLanes) again(t testing.TB) {
	l.conns = [2]*keptConn{keep(t, l.fast.addr), keep(t, l.slow.addr)}
}

// Who has a key or a link has the same answer from both lanes, told of in the same line; who has none, or none that
// holds, is left to net/http.
func TestFastLaneLetsIn(t *testing.T) {
	l := newClosedLanes(t, nil, userLine("alice", "a", ""), userLine("bob", "b", "add=no rate=100000000"))
	hash := l.backend.add(t, "films", metainfo.V1, map[string][]byte{"one.mkv": random(1, 4000), "two.mkv": random(2, 3000)})
	one, two := hash.Path()+"/films/one.mkv", hash.Path()+"/films/two.mkv"
	basic := func(s string) string {
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(s)) + "\r\n"
	}
	file := l.link(t, access.Link{Path: one})
	all := l.link(t, access.Link{Path: hash.Path(), Below: true, Rate: 100_000_000})
	here := l.link(t, access.Link{Path: one, Net: netip.MustParsePrefix("192.0.2.0/24")})
	old := l.link(t, access.Link{Path: one, Expires: time.Now().Add(-time.Second)})
	forged := file
	forged.Expires = "9" + forged.Expires
	cookie := func(p access.Params) string { return "Cookie: a=b; btgw=" + p.Token() + "; c=d\r\n" }
	const alice = "Authorization: Bearer a\r\n"
	for name, c := range map[string]struct {
		path, first, lines string // first has the answer known
		status             int
		fast               bool
	}{
		"a key":                   {one, alice, alice, 206, true},
		"a password":              {one, alice, basic("bob:b"), 206, true},
		"the same as a password":  {one, alice, basic("alice:a"), 206, true},
		"nothing":                 {one, alice, "", 401, false},
		"another's name":          {one, alice, basic("alice:b"), 401, false},
		"no key":                  {one, alice, "Authorization: Bearer x\r\n", 401, false},
		"two keys":                {one, alice, alice + alice, 206, false},
		"a link":                  {one + "?" + file.Query(), "", "", 206, true},
		"a link and a key":        {one + "?" + file.Query(), "", alice, 206, true},
		"a link with a rate":      {two + "?download=1&" + all.Query(), "", "", 206, true},
		"a link in the path":      {"/s/" + all.Token() + two, "", "", 206, true},
		"that, and a HEAD":        {"/s/" + file.Token() + one, "", "", 200, true},
		"a cookie":                {one, cookie(file), cookie(file), 206, true},
		"a cookie for a key":      {one, alice, cookie(all), 206, true},
		"an old cookie":           {one, cookie(file), cookie(old), 403, false},
		"a forged cookie":         {one, cookie(file), cookie(forged), 403, false},
		"a cookie for another":    {two, alice, cookie(file), 403, false},
		"an old cookie, and key":  {one, cookie(file), cookie(old) + alice, 206, true},
		"two cookies":             {one, cookie(file), "Cookie: a=b\r\n" + cookie(file), 206, false},
		"a network's":             {one + "?" + here.Query(), "X-Forwarded-For: 192.0.2.9\r\n", "X-Forwarded-For: 192.0.2.1\r\n", 206, true},
		"a network's, from away":  {one + "?" + here.Query(), "X-Forwarded-For: 192.0.2.9\r\n", "X-Forwarded-For: 198.51.100.1, 203.0.113.1\r\n", 403, false},
		"a network's, unproxied":  {one + "?" + here.Query(), "X-Forwarded-For: 192.0.2.9\r\n", "", 403, false},
		"a network's, with a key": {one + "?" + here.Query(), "X-Forwarded-For: 192.0.2.9\r\n", alice, 206, true},
	} {
		method := "GET "
		if c.status == 200 {
			method = "HEAD "
		}
		head := c.path + " HTTP/1.1\r\nHost: localhost\r\nRange: bytes=5-14\r\n"
		l.prime(t, "GET "+head+c.first+"\r\n")
		answer, line, fast := l.same(t, method+head+c.lines+"\r\n")
		if fast != c.fast || !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.1 %d ", c.status)) {
			t.Errorf("%s: in the fast lane %t: %.300q", name, fast, answer)
		}
		if strings.Contains(line, ".mkv?") || strings.Contains(line, file.Sum) || strings.Contains(line, all.Sum) {
			t.Errorf("%s: the log tells a secret: %s", name, line)
		}
		l.again(t)
	}
	// Who has a key no longer, and what a link was signed by no longer, are let in no longer.
	head := "GET " + one + " HTTP/1.1\r\nHost: localhost\r\n"
	l.prime(t, head+alice+"\r\n")
	l.setUsers(t, userLine("bob", "b", ""))
	if _, err := l.users.Reload(true); err != nil {
		t.Fatal(err)
	}
	if a, _, fast := l.same(t, head+alice+"\r\n"); fast || !strings.HasPrefix(a, "HTTP/1.1 401 ") {
		t.Errorf("a key that was taken back: in the fast lane %t: %.100q", fast, a)
	}
}

// No cache keeps an answer of the fast lane longer than its link holds.
func TestFastLaneLimitsCaches(t *testing.T) {
	l := newClosedLanes(t, nil, userLine("alice", "a", ""))
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 4000)})
	path := hash.Path() + "/a.bin"
	soon := l.link(t, access.Link{Path: path, Expires: time.Now().Add(time.Hour)})
	long := l.link(t, access.Link{Path: path})
	for _, c := range []struct {
		path, lines, scope string
		most               int
	}{
		{path, "Authorization: Bearer a\r\n", "private", 31536000},
		{path + "?" + long.Query(), "", "public", 31536000},
		{path + "?" + soon.Query(), "", "public", 3600},
		{path, "Cookie: btgw=" + soon.Token() + "\r\n", "private", 3600},
	} {
		request := "GET " + c.path + " HTTP/1.1\r\nHost: localhost\r\n" + c.lines + "\r\n"
		l.prime(t, request)
		before := l.fast.fast.answers.Load()
		a, _ := l.conns[0].ask(t, request)
		var scope string
		var age int
		_, value, _ := strings.Cut(string(a), "\r\nCache-Control: ")
		value, _, _ = strings.Cut(value, "\r\n")
		scope, rest, _ := strings.Cut(value, ", max-age=")
		if _, err := fmt.Sscanf(rest, "%d, immutable, no-transform", &age); err != nil || scope != c.scope || age > c.most || age < c.most-300 {
			t.Errorf("%q: Cache-Control %q", request, value)
		}
		if l.fast.fast.answers.Load() == before {
			t.Errorf("%q is not answered in the fast lane", request)
		}
	}
}

// The bytes of a user's day are counted in both lanes, and end in the middle of an answer where they are spent.
func TestFastLaneQuota(t *testing.T) {
	l := newClosedLanes(t, nil, userLine("alice", "a", ""), userLine("carl", "c", "day=600000"))
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 400_000)})
	request := func(key string) string {
		return "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n"
	}
	l.prime(t, request("a"))
	if a, line, fast := l.same(t, request("c")); !fast || !strings.HasPrefix(a, "HTTP/1.1 200 ") || !strings.Contains(line, `"user":"carl"`) {
		t.Errorf("the first: in the fast lane %t: %.300q %s", fast, a, line)
	}
	a, line, fast := l.same(t, request("c"))
	if _, body, _ := strings.Cut(a, "\r\n\r\n"); !fast || len(body) != 200_000 || !strings.Contains(line, `"cut":"quota"`) {
		t.Errorf("the second: in the fast lane %t: %d bytes, %s", fast, len(body), line)
	}
	l.again(t)
	l.prime(t, request("a"))
	if a, _, fast := l.same(t, request("c")); fast || !strings.HasPrefix(a, "HTTP/1.1 429 ") || !strings.Contains(a, ":quota") {
		t.Errorf("the third: in the fast lane %t: %.300q", fast, a)
	}
}

// A user has so many transfers at once, whichever lane they are in.
func TestFastLaneUserStreams(t *testing.T) {
	l := newClosedLanes(t, nil, userLine("alice", "a", ""), userLine("ed", "e", "streams=1"))
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 1000)})
	request := func(key string) string {
		return "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n"
	}
	other := keep(t, l.fast.addr)
	prime(t, l.fast, other, request("a"))
	l.prime(t, request("e"))
	proceed, writing := make(chan struct{}), make(chan struct{})
	setHook(l.backend, &l.backend.onOpen, func(c *fakeContent) {
		c.block = func() { close(writing); <-proceed }
	})
	done := make(chan bool)
	go func() {
		a, ok := l.conns[0].ask(t, request("e"))
		done <- ok && bytes.HasPrefix(a, []byte("HTTP/1.1 200 "))
	}()
	<-writing
	setHook(l.backend, &l.backend.onOpen, nil)
	if a, ok := other.ask(t, request("e")); !ok || !bytes.HasPrefix(a, []byte("HTTP/1.1 429 ")) {
		t.Errorf("a second transfer: %.300q", a)
	}
	if a, ok := other.ask(t, request("a")); !ok || !bytes.HasPrefix(a, []byte("HTTP/1.1 200 ")) {
		t.Errorf("of another user: %.300q", a)
	}
	close(proceed)
	if !<-done {
		t.Error("the first transfer failed")
	}
	l.settle(t)
	if a, ok := other.ask(t, request("e")); !ok || !bytes.HasPrefix(a, []byte("HTTP/1.1 200 ")) {
		t.Errorf("after the first: %.300q", a)
	}
}

// A request that its user may not make any more counts once for its client, although both lanes look at it.
func TestFastLaneUserRequests(t *testing.T) {
	const perSecond, asked = 1, 12
	l := newClosedLanes(t, func(cfg *Config) { cfg.RequestsPerClient = 10 * perSecond }, userLine("alice", "a", ""), userLine("dora", "d", "requests=1"))
	hash := l.backend.add(t, "a.bin", metainfo.V1, map[string][]byte{"": random(1, 1000)})
	request := func(key, client string) string {
		return "GET " + hash.Path() + "/a.bin HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\nX-Forwarded-For: " + client + "\r\n\r\n"
	}
	l.prime(t, request("a", "127.0.0.1"))
	begun, answered, refused, before := time.Now(), 0, 0, l.fast.fast.answers.Load()
	for range asked {
		a, ok := l.conns[0].ask(t, request("d", "192.0.2.1"))
		switch {
		case ok && bytes.HasPrefix(a, []byte("HTTP/1.1 200 ")):
			answered++
		case ok && bytes.HasPrefix(a, []byte("HTTP/1.1 429 ")):
			refused++
		default:
			t.Fatalf("%.300q", a)
		}
	}
	const burst = 4 // of access
	if came := int(time.Since(begun).Seconds()) + 1; answered < burst || answered > burst+came || l.fast.fast.answers.Load() == before {
		t.Errorf("%d answers, %d refusals, %d answers of the fast lane", answered, refused, l.fast.fast.answers.Load()-before)
	}
	left := 0
	for l.fast.bounds.Load().Requests.Take(limit.Client{Prefix: netip.MustParsePrefix("192.0.2.1/32")}) {
		left++
	}
	if least := limit.RequestBurst*10*perSecond - asked; left < least {
		t.Errorf("the client had %d requests left after %d, want %d at least", left, asked, least)
	}
}
