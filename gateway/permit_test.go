package gateway

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway/access"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/publish/names"
)

// A shutBackend is another backend, and from when it is shut an engine that nobody may ask anything: each
// call then fails the test.
type shutBackend struct {
	of   Backend
	t    testing.TB
	shut atomic.Bool
}

var _ Backend = (*shutBackend)(nil)

func (b *shutBackend) ask(what string) {
	if b.shut.Load() {
		b.t.Errorf("a refused request asked for %s", what)
	}
}

func (b *shutBackend) Info(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints) (*metainfo.Info, error) {
	b.ask("Info")
	return b.of.Info(ctx, hash, hints)
}

func (b *shutBackend) Known(hash metainfo.InfoHash) (*metainfo.Info, bool) {
	b.ask("Known")
	return b.of.Known(hash)
}

func (b *shutBackend) Cached(hash metainfo.InfoHash, file *metainfo.File, off, n int64) fetch.Held {
	b.ask("Cached")
	return b.of.Cached(hash, file, off, n)
}

func (b *shutBackend) Open(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints, file *metainfo.File, off, n int64) (fetch.Content, error) {
	b.ask("Open")
	return b.of.Open(ctx, hash, hints, file, off, n)
}

func (b *shutBackend) OpenHeld(hash metainfo.InfoHash, hints fetch.Hints, file int, off, n int64) (fetch.Content, bool) {
	b.ask("OpenHeld")
	return b.of.OpenHeld(hash, hints, file, off, n)
}

func (b *shutBackend) Add(ctx context.Context, torrent *metainfo.Torrent) (metainfo.InfoHash, error) {
	b.ask("Add")
	return b.of.Add(ctx, torrent)
}

func (b *shutBackend) Remove(ctx context.Context, hash metainfo.InfoHash) error {
	b.ask("Remove")
	return b.of.Remove(ctx, hash)
}

func (b *shutBackend) SetSuperSeed(hash metainfo.InfoHash, on bool) error {
	b.ask("SetSuperSeed")
	return b.of.SetSuperSeed(hash, on)
}

func (b *shutBackend) List() []fetch.Status {
	b.ask("List")
	return b.of.List()
}

func (b *shutBackend) Status(hash metainfo.InfoHash) (fetch.Status, bool) {
	b.ask("Status")
	return b.of.Status(hash)
}

func (b *shutBackend) SetUploadPolicy(hash metainfo.InfoHash, change func(*fetch.UploadPolicy) error) (fetch.UploadPolicy, error) {
	b.ask("SetUploadPolicy")
	return b.of.SetUploadPolicy(hash, change)
}

func (b *shutBackend) Sweep(denied func(metainfo.InfoHash) bool) {
	b.ask("Sweep")
	b.of.Sweep(denied)
}

func (b *shutBackend) StopUploads(stop bool) {
	b.ask("StopUploads")
	b.of.StopUploads(stop)
}

func (b *shutBackend) UploadsStopped() bool {
	b.ask("UploadsStopped")
	return b.of.UploadsStopped()
}

// shutNames are names that nobody may ask for.
type shutNames struct{ *shutBackend }

var _ Names = shutNames{}

func (n shutNames) Resolve(context.Context, names.Name, names.Ask) (names.Target, error) {
	n.ask("Resolve")
	return names.Target{}, names.ErrUnknown
}

func (n shutNames) Known(names.Name) (names.Target, bool) {
	n.ask("Known of a name")
	return names.Target{}, false
}

// A refusal is a request that has to be refused.
type refusal struct {
	kind, path string
	lines      []string
	status     int
	slug       string
}

// A refusing is a server, in virtual time, with torrents that are here and known to it, and a backend that
// is shut.
type refusing struct {
	*Server
	*shutBackend
	t      *testing.T
	random *rand.Rand
	client net.Conn
	read   *bufio.Reader

	film, many metainfo.InfoHash
	answers    map[string]string // by method, kind of page and problem
	counts     map[string]int
}

// refuse starts a server with torrents, and has play send it requests. before is called before the backend is shut.
func refuse(t *testing.T, change func(*Config), before func(*refusing), play func(*refusing)) {
	bubble.Test(t, func(t *testing.T) {
		fake := newFakeBackend()
		r := &refusing{t: t, random: rand.New(rand.NewPCG(1, 2)), shutBackend: &shutBackend{of: fake, t: t}, answers: make(map[string]string), counts: make(map[string]int)}
		r.film = fake.add(t, "one two.mkv", metainfo.V1, map[string][]byte{"": random(1, 100_000)})
		r.many = fake.add(t, "many", metainfo.V1, map[string][]byte{"a/b.mkv": random(2, 50_000), "c": random(3, 5)})
		cfg := Config{Backend: r.shutBackend, Names: shutNames{r.shutBackend}, Log: slog.New(slog.DiscardHandler), TrustedProxies: []string{"127.0.0.1"}, RequestsPerClient: Unbounded}
		change(&cfg)
		var err error
		if r.Server, err = New(cfg); err != nil {
			t.Fatal(err)
		}
		ln := newPipeListener()
		served := make(chan error, 1)
		go func() { served <- r.Serve(ln) }()
		ours, theirs := net.Pipe()
		ln.conns <- addrConn{theirs}
		r.client, r.read = ours, bufio.NewReader(ours)
		t.Cleanup(func() {
			ours.Close()
			if err := errors.Join(r.Shutdown(context.Background()), <-served); err != nil {
				t.Error(err)
			}
		})
		if before != nil {
			before(r)
		}
		r.shut.Store(true)
		play(r)
	})
}

// addrConn is a connection of a proxy on this machine.
type addrConn struct{ net.Conn }

func (addrConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// ask sends one request on the connection that there is.
func (r *refusing) ask(method, path string, lines ...string) (*http.Response, []byte) {
	r.t.Helper()
	head := method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n"
	for _, line := range lines {
		head += line + "\r\n"
	}
	if _, err := io.WriteString(r.client, head+"\r\n"); err != nil {
		r.t.Fatal(err)
	}
	res, err := http.ReadResponse(r.read, &http.Request{Method: method})
	if err != nil {
		r.t.Fatalf("%s %s %q: %v", method, path, lines, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatalf("%s %s %q: %v", method, path, lines, err)
	}
	return res, body
}

func oneOf[T any](random *rand.Rand, of ...T) T { return of[random.IntN(len(of))] }

// targets are paths of all kinds, of torrents that are here and of one that nobody knows.
func (r *refusing) targets() []string {
	film, many, none := r.film.Path(), r.many.Path(), "/btih/"+strings.Repeat("a", 40)
	return []string{
		film, film + "/", film + "/one%20two.mkv", "/btih/" + strings.ToUpper(r.film.String()), film + "/one%20two.mkv?download=1", film + "/?format=tar", film + "/?view=1",
		many + "/", many + "/?format=m3u8", many + "/?format=json", many + "/?format=torrent", many + "/many/a/", many + "/many/a/b.mkv", many + "/many/c",
		none, none + "/", none + "/one%20two.mkv", none + "/?format=tar", none + "/a/b.mkv?view=1", filmsName.Path() + "/", filmsName.Path() + "/a.mkv",
	}
}

// conditions are header lines that an answer with content would be another for.
func (r *refusing) conditions(etag string) (lines []string) {
	for _, line := range []string{
		oneOf(r.random, "Range: bytes=0-0", "Range: bytes=-5", "Range: bytes=99999999-", "Range: bytes=0-1,5-6"),
		oneOf(r.random, "If-None-Match: "+etag, "If-None-Match: *"), oneOf(r.random, "If-Match: "+etag, `If-Match: "x"`),
		oneOf(r.random, "If-Range: "+etag, "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"),
		oneOf(r.random, "Cache-Control: only-if-cached", "Cache-Control: no-cache"),
		"Accept-Encoding: gzip", "Depth: 1", "TransferMode.dlna.org: Streaming",
	} {
		if r.random.IntN(3) == 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

var (
	// upward leads from a page to the root of the server, and is longer below a longer path.
	upward = strings.NewReplacer("../", "", "./", "")
	// fromURL are the lines of a header that depend on the URL alone, or on the time.
	fromURL = map[string]bool{"Date": true, "X-Btgw-Infohash": true, "Content-Length": true, "Ratelimit": true, "Retry-After": true}
)

// send sends a request that has to be refused, and looks at what the answer gives away: nothing, as it is the same for
// what is here and for what nobody knows, whatever the request says besides.
func (r *refusing) send(q refusal, etag string) {
	r.t.Helper()
	method, accept := oneOf(r.random, "GET", "GET", "HEAD", methodPropfind), oneOf(r.random, "*/*", "application/json", "text/html")
	lines := append(append(q.lines, "Accept: "+accept), r.conditions(etag)...)
	res, body := r.ask(method, q.path, lines...)
	r.counts[q.kind]++
	told := fmt.Sprintf("%s: %s %s %q", q.kind, method, q.path, lines)
	if res.StatusCode != q.status {
		r.t.Fatalf("%s: %d, not %d: %.300s", told, res.StatusCode, q.status, body)
	}
	if method != "HEAD" && accept != "text/html" && !bytes.Contains(body, []byte(problemType+q.slug+`"`)) {
		r.t.Fatalf("%s: not %s: %s", told, q.slug, body)
	}
	var head bytes.Buffer
	_ = res.Header.WriteSubset(&head, fromURL)
	withKey := slices.ContainsFunc(q.lines, func(line string) bool { return strings.HasPrefix(line, "Authorization:") })
	kind := fmt.Sprintf("%s, %s, with a key %t, PROPFIND %t", accept, q.slug, withKey, method == methodPropfind)
	r.same("header of "+kind, head.String(), told)
	if method == "HEAD" {
		r.same("body of HEAD", string(body), told)
	} else {
		r.same("body of "+kind, upward.Replace(string(body)), told)
	}
}

// often fails unless each kind of request was sent so many times.
func (r *refusing) often(least int) {
	r.t.Helper()
	for kind, n := range r.counts {
		if n < least {
			r.t.Errorf("%d requests of the kind %q", n, kind)
		}
	}
}

// same fails unless all answers of a kind are.
func (r *refusing) same(kind, answer, told string) {
	r.t.Helper()
	if first, ok := r.answers[kind]; !ok {
		r.answers[kind] = answer
	} else if answer != first {
		r.t.Fatalf("%s: the %s is\n%s\nand another one was\n%s", told, kind, answer, first)
	}
}

// Links that are none, forged, expired, another's or mangled let nobody in, in any of their forms. No packet leaves for
// them, and the answer tells nothing of what is here.
func TestLinksThatDoNotHold(t *testing.T) {
	name := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(linkKeys + "retired hmac-sha256 AAAAMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\n")
	keys, err := reload.Open(name, access.MaxKeyFile, access.ParseKeys)
	if err != nil {
		t.Fatal(err)
	}
	var good []access.Params // in order: of the film, of all of many, of a directory of it
	var links []access.Link
	var etag string
	sign := func(l access.Link, key string) access.Params { return signed(t, keys, l, key) }
	var retired access.Params
	refuse(t, func(cfg *Config) { cfg.LinkKeys = keys }, func(r *refusing) {
		links = []access.Link{
			{Path: r.film.Path() + "/one%20two.mkv"}, {Path: r.film.Path(), Below: true}, {Path: r.many.Path(), Below: true}, {Path: r.many.Path() + "/many/a", Below: true, Rate: 1 << 30},
		}
		for _, l := range links {
			good = append(good, sign(l, ""))
		}
		retired = sign(links[1], "retired")
		for _, p := range append(slices.Clone(good), retired) { // what is read by a good link is remembered wherever anything is
			path := r.film.Path() + "/one%20two.mkv"
			if p == good[2] || p == good[3] {
				path = r.many.Path() + "/many/a/b.mkv"
			}
			for _, line := range []string{"Accept: */*", "Range: bytes=5-9"} {
				res, _ := r.ask("GET", path+"?"+p.Query(), line)
				if etag = res.Header.Get("Etag"); res.StatusCode >= 300 || etag == "" {
					t.Fatalf("a good link: %d", res.StatusCode)
				}
			}
		}
		write(linkKeys)
		if _, err := keys.Reload(true); err != nil {
			t.Fatal(err)
		}
	}, func(r *refusing) {
		targets := r.targets()
		for range 5000 {
			q := refusal{kind: "none", path: oneOf(r.random, targets...), status: 403, slug: linkNeeded}
			var bad []access.Params
			switch r.random.IntN(7) {
			case 0:
			case 1:
				l := links[r.random.IntN(len(links))]
				l.Expires = time.Now().Add(-time.Duration(r.random.Int64N(int64(1000 * time.Hour))))
				q.kind, q.path, q.slug, bad = "expired", belowLink(r, l), "link-expired", []access.Params{sign(l, "")}
			case 2:
				l := links[r.random.IntN(len(links))]
				l.Net = oneOf(r.random, netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("192.0.2.0/28"), netip.MustParsePrefix("2001:db8::/56"))
				from := oneOf(r.random, "192.0.2.77", "198.51.100.7", "2001:db8:1::7", "127.0.0.1")
				q.kind, q.path, q.slug, bad = "another address", belowLink(r, l), "link-bound", []access.Params{sign(l, "")}
				q.lines = append(q.lines, "X-Forwarded-For: "+from)
			case 3:
				i := r.random.IntN(len(links))
				q.kind, q.slug, bad = "another path", "link-refused", []access.Params{good[i]}
				for within(links[i], q.path) {
					q.path = oneOf(r.random, targets...)
				}
			case 4:
				p := oneOf(r.random, good...)
				if p.Key = oneOf(r.random, "nginx", "none", "main2", "MAIN"); r.random.IntN(2) == 0 {
					p = retired
				}
				q.kind, q.slug, bad = "another key", "link-refused", []access.Params{p}
			default:
				p := oneOf(r.random, good...)
				mangle(r.random, &p, good)
				if slices.Contains(good, p) {
					continue
				}
				q.kind, q.slug, bad = "mangled", "link-refused", []access.Params{p}
				if !p.Signed() {
					q.slug = linkNeeded
				}
			}
			for _, p := range bad {
				show(r.random, &q, p)
			}
			r.send(q, etag)
		}
		r.often(400)
	})
}

// belowLink is a path that a link would permit, if it held.
func belowLink(r *refusing, l access.Link) string {
	if !l.Below {
		return l.Path
	}
	return l.Path + oneOf(r.random, "/", "/a", "/?format=tar", "/x/y.mkv?view=1")
}

// within reports whether a link permits a path.
func within(l access.Link, path string) bool {
	path, _, _ = strings.Cut(strings.ToLower(path), "?")
	path = strings.TrimSuffix(path, "/")
	return path == l.Path || l.Below && strings.HasPrefix(path+"/", l.Path+"/")
}

// mangle changes one parameter of a link to another that a link may have.
func mangle(random *rand.Rand, p *access.Params, others []access.Params) {
	fields := func(p *access.Params) []*string {
		return []*string{&p.Expires, &p.Key, &p.Sum, &p.Depth, &p.Net, &p.Rate}
	}
	i := random.IntN(6)
	at, another := fields(p)[i], others[random.IntN(len(others))]
	const plain = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_."
	switch n := len(*at); {
	case n == 0 || random.IntN(4) == 0:
		if *at = *fields(&another)[i]; *at == "" {
			*at = strconv.Itoa(random.IntN(3))
		}
	case random.IntN(3) == 0:
		*at = (*at)[:random.IntN(n)]
	case random.IntN(2) == 0 && n < 60:
		*at += string(plain[random.IntN(len(plain))])
	default:
		k := random.IntN(n)
		*at = (*at)[:k] + string(plain[random.IntN(len(plain))]) + (*at)[k+1:]
	}
}

// show puts a link where a request has it: in its query, its path, a cookie, or all of them.
func show(random *rand.Rand, q *refusal, p access.Params) {
	between := "?"
	if strings.Contains(q.path, "?") {
		between = "&"
	}
	form := random.IntN(4)
	if form == 0 || form == 3 {
		q.path += between + p.Query()
	}
	if form == 1 || form == 3 {
		if q.path = LinkPrefix + p.Token() + q.path; !p.Signed() {
			q.status, q.slug = 404, "no-such-page"
		}
	}
	if form == 2 || form == 3 {
		q.lines = append(q.lines, "Cookie: a=b; "+LinkCookie+"="+p.Token())
	}
}

// A key that is nobody's, or spent, lets nobody in: the answer is the same for what is here and what is not.
func TestKeysThatDoNotHold(t *testing.T) {
	known, accounts := userFile(t, userLine("alice", "key-a", ""), userLine("carl", "key-c", "day=1000"), userLine("dora", "key-d", "streams=1"), userLine("eve", "key-e", "requests=1"))
	var etag string
	refuse(t, func(cfg *Config) { cfg.Users, cfg.Accounts = known, accounts }, func(r *refusing) {
		path := r.film.Path() + "/one%20two.mkv"
		for _, key := range []string{"a", "a", "c"} { // carl has his bytes of the day
			res, _ := r.ask("GET", path, "Authorization: Bearer key-"+key, "Range: bytes=0-999")
			if etag = res.Header.Get("Etag"); res.StatusCode != 206 {
				t.Fatalf("a good key: %d", res.StatusCode)
			}
		}
		if _, err := accounts.Enter(known.Load().Find("Bearer key-d"), time.Now()); err != nil { // dora has a stream under way
			t.Fatal(err)
		}
		for range 4 { // eve's requests of four seconds
			r.ask("GET", path, "Authorization: Bearer key-e", "Range: bytes=0-9")
		}
	}, func(r *refusing) {
		targets := r.targets()
		basic := func(s string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(s)) }
		for range 3000 {
			q := refusal{kind: "nobody's key", path: oneOf(r.random, targets...), status: 401, slug: "key-needed"}
			switch r.random.IntN(5) {
			case 0:
				q.kind = "no key"
			case 1:
				q.lines = []string{"Authorization: " + oneOf(r.random, basic("bob:key-a"), basic("alice:key-c"), basic("alice"), basic(":key-a"), "Basic key-a", "Basic !!!", "Basic")}
			case 2:
				q.lines = []string{"Authorization: " + oneOf(r.random, "Bearer", "Bearer x", "Bearer key-", "Bearer key-aa", "Bearer KEY-A", "Bearer a.b.c", "Digest key-a", "key-a", "Bearer "+strings.Repeat("a", 4000))}
			case 3:
				q.lines = []string{"Authorization: Bearer " + strconv.FormatUint(r.random.Uint64(), 36), "Cookie: btgw=e=1~k=main~s=x"}
			default:
				q.status = 429
				switch q.kind = oneOf(r.random, "bytes spent", "requests spent", "streams taken"); q.kind {
				case "bytes spent":
					q.slug, q.lines = "quota", []string{"Authorization: Bearer key-c"}
				case "streams taken":
					q.slug, q.lines = "too-many-streams", []string{"Authorization: Bearer key-d"}
				default:
					q.slug, q.lines = "too-many-requests", []string{"Authorization: " + basic("eve:key-e")}
				}
			}
			r.send(q, etag)
		}
		r.often(100)
	})
}

// What is not on the allowlist, or on the denylist, is refused whoever asks, from the moment on at which the lists say so.
func TestListsComeFirst(t *testing.T) {
	known, accounts := userFile(t, userLine("alice", "key-a", ""))
	name := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(name, []byte(linkKeys), 0o600); err != nil {
		t.Fatal(err)
	}
	keys, err := reload.Open(name, access.MaxKeyFile, access.ParseKeys)
	if err != nil {
		t.Fatal(err)
	}
	denied, allowed := denyFile(t, ""), denyFile(t, "")
	change := func(file string, rules *reload.File[*denyRules], lines ...string) {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := rules.Reload(true); err != nil {
			t.Fatal(err)
		}
	}
	var deny *Denylist
	var allow *Allowlist
	if deny, err = OpenDenylist(denied); err != nil {
		t.Fatal(err)
	}
	if allow, err = OpenAllowlist(allowed); err != nil {
		t.Fatal(err)
	}
	var etag string
	good := make(map[metainfo.InfoHash]access.Params)
	refuse(t, func(cfg *Config) {
		cfg.Users, cfg.Accounts, cfg.LinkKeys, cfg.Denylist, cfg.Allowlist = known, accounts, keys, deny, allow
	}, func(r *refusing) {
		change(allowed, allow.rules, r.film.Path(), r.many.Path())
		for _, hash := range []metainfo.InfoHash{r.film, r.many} {
			good[hash] = signed(t, keys, access.Link{Path: hash.Path(), Below: true}, "")
		}
		for _, path := range []string{r.film.Path() + "/one%20two.mkv", r.many.Path() + "/many/a/b.mkv"} {
			for _, line := range []string{"Accept: */*", "Range: bytes=5-9"} {
				res, _ := r.ask("GET", path, "Authorization: Bearer key-a", line)
				if etag = res.Header.Get("Etag"); res.StatusCode >= 300 {
					t.Fatalf("%s: %d", path, res.StatusCode)
				}
			}
		}
		change(denied, deny.rules, r.film.Path()+" reason=legal", "/btih/"+strings.Repeat("a", 40))
		change(allowed, allow.rules, r.film.Path(), "/btih/"+strings.Repeat("a", 40)) // and no longer many
	}, func(r *refusing) {
		targets := r.targets()
		for range 2000 {
			q := refusal{kind: "not on the list", path: oneOf(r.random, targets...), status: 403, slug: "not-allowed"}
			of := r.many
			switch path := strings.ToLower(q.path); {
			case strings.HasPrefix(path, r.film.Path()):
				q.kind, q.status, q.slug, of = "for legal reasons", 451, "legal", r.film
			case strings.HasPrefix(path, "/btih/aaaa"):
				q.kind, q.status, q.slug, of = "denied", 410, "denied", metainfo.InfoHash{}
			case strings.HasPrefix(path, namedPath):
				of = metainfo.InfoHash{}
			}
			if p, ok := good[of]; ok && r.random.IntN(2) == 0 {
				show(r.random, &q, p)
			} else {
				q.lines = []string{"Authorization: Bearer key-a"}
			}
			r.send(q, etag)
		}
		r.often(300)
	})
}
