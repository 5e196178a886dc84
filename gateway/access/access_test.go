package access

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const (
	torrent = "/btih/0123456789abcdef0123456789abcdef01234567"
	secret  = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
	keyFile = "# keys\n\nnew hmac-sha256 " + secret + "\nold hmac-sha256 AAAA" + secret + "\nnginx secure-link correct-horse-battery\n"
)

var now = time.Unix(1_800_000_000, 0)

func keys(t testing.TB) *Keys {
	t.Helper()
	k, err := ParseKeys(strings.NewReader(keyFile))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func escape(out []byte, name string) []byte {
	return append(out, strings.ReplaceAll(name, " ", "%20")...)
}

func target(names ...string) *Target { return &Target{Torrent: torrent, Names: names, Escape: escape} }

func TestCheck(t *testing.T) {
	k := keys(t)
	home := netip.MustParseAddr("192.0.2.7")
	in := now.Add(time.Hour)
	for _, c := range []struct {
		name   string
		link   Link
		key    string
		target *Target
		from   netip.Addr
		at     time.Time
		want   error
	}{
		{"a file", Link{Path: torrent + "/a%20b.mkv", Expires: in}, "", target("a b.mkv"), home, now, nil},
		{"an older key", Link{Path: torrent + "/a.mkv", Expires: in}, "old", target("a.mkv"), home, now, nil},
		{"secure-link", Link{Path: torrent + "/a%20b.mkv", Expires: in}, "nginx", target("a b.mkv"), home, now, nil},
		{"another file", Link{Path: torrent + "/a.mkv", Expires: in}, "", target("b.mkv"), home, now, ErrForged},
		{"below a file", Link{Path: torrent + "/a", Expires: in}, "", target("a", "b"), home, now, ErrForged},
		{"the directory of it", Link{Path: torrent + "/a/b", Expires: in}, "", target("a"), home, now, ErrForged},
		{"a torrent with all below", Link{Path: torrent, Below: true, Expires: in}, "", target("a", "b"), home, now, nil},
		{"the torrent itself", Link{Path: torrent, Below: true, Expires: in}, "", target(), home, now, nil},
		{"a directory", Link{Path: torrent + "/a", Below: true, Expires: in}, "", target("a", "b", "c"), home, now, nil},
		{"above it", Link{Path: torrent + "/a", Below: true, Expires: in}, "", target(), home, now, ErrForged},
		{"beside it", Link{Path: torrent + "/a", Below: true, Expires: in}, "", target("ab"), home, now, ErrForged},
		{"its last second", Link{Path: torrent, Expires: in}, "", target(), home, in.Add(-time.Nanosecond), nil},
		{"too late", Link{Path: torrent, Expires: in}, "", target(), home, in, ErrExpired},
		{"an address", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("192.0.2.7/32")}, "", target(), home, now, nil},
		{"a network", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("192.0.2.0/24")}, "", target(), home, now, nil},
		{"IPv4 in IPv6", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("192.0.2.0/24")}, "", target(), netip.MustParseAddr("::ffff:192.0.2.9"), now, nil},
		{"IPv6", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("2001:db8::/56")}, "", target(), netip.MustParseAddr("2001:db8::1"), now, nil},
		{"another network", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("192.0.3.0/24")}, "", target(), home, now, ErrNet},
		{"no address", Link{Path: torrent, Expires: in, Net: netip.MustParsePrefix("192.0.2.0/24")}, "", target(), netip.Addr{}, now, ErrNet},
	} {
		p, err := k.Sign(c.link, c.key)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		again, ok := ParseToken(p.Token())
		if !ok || again != p {
			t.Errorf("%s: token %q is read as %+v", c.name, p.Token(), again)
		}
		if _, err := k.Check(&p, c.target, c.from, c.at); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, not %v", c.name, err, c.want)
		}
	}
}

// What a link permits besides is in the grant.
func TestGrant(t *testing.T) {
	k := keys(t)
	p, err := k.Sign(Link{Path: torrent, Expires: now.Add(time.Minute), Rate: 8 << 20, Net: netip.MustParsePrefix("10.0.0.0/8")}, "")
	if err != nil {
		t.Fatal(err)
	}
	g, err := k.Check(&p, target(), netip.MustParseAddr("10.1.2.3"), now)
	if want := (Grant{Expires: now.Add(time.Minute), Rate: 8 << 20, Bound: true}); err != nil || !g.Expires.Equal(want.Expires) || g.Rate != want.Rate || !g.Bound {
		t.Errorf("%+v, %v", g, err)
	}
}

// The recipe of the documentation, written anew: whoever follows it makes the same links.
func TestRecipe(t *testing.T) {
	k := keys(t)
	p, err := k.Sign(Link{Path: torrent + "/a", Below: true, Expires: now, Rate: 5}, "new")
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := base64.StdEncoding.DecodeString(secret)
	mac := hmac.New(sha256.New, raw)
	mac.Write([]byte("btgw link 1\n" + torrent + "/a\n1800000000\nnew\n1\n\n5"))
	if want := "e=1800000000&k=new&p=1&r=5&s=" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)); p.Query() != want {
		t.Errorf("%s, not %s", p.Query(), want)
	}
	p, err = k.Sign(Link{Path: torrent + "/a%20%C3%A4", Expires: now}, "nginx")
	if err != nil {
		t.Fatal(err)
	}
	sum := md5.Sum([]byte("1800000000" + torrent + "/a ä correct-horse-battery"))
	if want := "e=1800000000&k=nginx&s=" + base64.RawURLEncoding.EncodeToString(sum[:]); p.Query() != want {
		t.Errorf("%s, not %s", p.Query(), want)
	}
}

func TestSignRefuses(t *testing.T) {
	k := keys(t)
	if _, err := k.Sign(Link{Path: torrent}, "none"); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	for _, l := range []Link{{Path: torrent, Below: true}, {Path: torrent, Rate: 1}, {Path: torrent, Net: netip.MustParsePrefix("10.0.0.0/8")}} {
		if _, err := k.Sign(l, "nginx"); !errors.Is(err, ErrSimple) {
			t.Errorf("%+v: %v", l, err)
		}
	}
}

// A million links that hold nothing: another byte, a field of another link, an end cut off; and signed ones after their end, of
// another torrent, and from another address.
func TestForgedLinks(t *testing.T) {
	k := keys(t)
	random := rand.New(rand.NewPCG(1, 2))
	from := netip.MustParseAddr("192.0.2.7")
	links := []Link{
		{Path: torrent + "/a/b", Expires: now.Add(time.Hour)},
		{Path: torrent + "/a", Below: true, Expires: now.Add(time.Hour), Rate: 1000},
		{Path: torrent, Below: true, Expires: now.Add(time.Hour), Net: netip.PrefixFrom(from, 32)},
	}
	var good []Params
	for _, l := range links {
		for _, name := range []string{"new", "old"} {
			p, err := k.Sign(l, name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := k.Check(&p, target("a", "b"), from, now); err != nil {
				t.Fatal(err)
			}
			good = append(good, p)
		}
	}
	p, _ := k.Sign(links[0], "nginx")
	good = append(good, p)
	known := make(map[Params]bool)
	for _, p := range good {
		known[p] = true
	}
	n := 1_000_000
	if testing.Short() {
		n = 10_000
	}
	to, elsewhere := target("a", "b"), target("a", "b")
	elsewhere.Torrent = "/btih/1123456789abcdef0123456789abcdef01234567"
	bound := good[4:6] // to the address
	for range n {
		p, to, from, at := good[random.IntN(len(good))], to, from, now
		switch random.IntN(8) {
		case 0:
			at = now.Add(time.Hour + time.Duration(random.Int64N(int64(100*365*24*time.Hour))))
		case 1:
			to = elsewhere
		case 2:
			p, from = bound[random.IntN(2)], netip.AddrFrom4([4]byte{192, 0, 2, byte(8 + random.IntN(200))})
		default:
			mangle(random, &p, good)
			if known[p] {
				continue
			}
		}
		if g, err := k.Check(&p, to, from, at); err == nil {
			t.Fatalf("%+v permits %+v", p, g)
		}
	}
}

// mangle changes one field.
func mangle(random *rand.Rand, p *Params, others []Params) {
	i := random.IntN(len(names))
	at := p.field(names[i : i+1])
	other := *others[random.IntN(len(others))].field(names[i : i+1])
	switch b := []byte(*at); random.IntN(4) {
	case 0:
		*at = other
	case 1:
		*at = string(append(b, "0123456789-.a"[random.IntN(13)]))
	case 2:
		if len(b) > 0 {
			*at = string(b[:random.IntN(len(b))])
		}
	case 3:
		if len(b) > 0 {
			b[random.IntN(len(b))] ^= 1 << random.IntN(8)
			*at = string(b)
		}
	}
}

// A check allocates nothing, of a good link and of a bad one.
func TestAllocations(t *testing.T) {
	k := keys(t)
	from := netip.MustParseAddr("192.0.2.7")
	to := target("Film", "a.mkv")
	plain := func(out []byte, name string) []byte { return append(out, name...) }
	to.Escape = plain
	for _, name := range []string{"new", "nginx"} {
		p, err := k.Sign(Link{Path: torrent + "/Film/a.mkv", Expires: now.Add(time.Hour)}, name)
		if err != nil {
			t.Fatal(err)
		}
		bad := p
		bad.Expires = "1900000000"
		for _, p := range []*Params{&p, &bad} {
			if n := testing.AllocsPerRun(1000, func() { _, _ = k.Check(p, to, from, now) }); n > 0 && !raceEnabled {
				t.Errorf("%s: %v allocations", name, n)
			}
		}
	}
}

func TestParseKeys(t *testing.T) {
	for _, c := range []struct{ file, want string }{
		{"", "no key"},
		{"# nothing\n", "no key"},
		{"a hmac-sha256", "expected"},
		{"a hmac-sha256 c2hvcnQ=", "at least 32 bytes"},
		{"a hmac-sha256 !!!", "base64"},
		{"a secure-link short", "shorter than 16"},
		{"a rot13 " + secret, "rot13"},
		{"a/b hmac-sha256 " + secret, "letters, digits"},
		{strings.Repeat("a", 65) + " hmac-sha256 " + secret, "letters, digits"},
		{"a hmac-sha256 " + secret + "\na hmac-sha256 " + secret, "line 2: the key a is there twice"},
	} {
		if _, err := ParseKeys(strings.NewReader(c.file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, not %q", c.file, err, c.want)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

func FuzzToken(f *testing.F) {
	k := keys(f)
	p, _ := k.Sign(Link{Path: torrent, Below: true, Expires: now.Add(time.Hour), Rate: 7, Net: netip.MustParsePrefix("10.0.0.0/8")}, "")
	f.Add(p.Token())
	f.Add("e=1~k=new~s=x")
	f.Add("e=1~e=1~s=x")
	f.Fuzz(func(t *testing.T, s string) {
		q, ok := ParseToken(s)
		if !ok {
			return
		}
		again, ok := ParseToken(q.Token())
		if !ok || again != q {
			t.Errorf("%q is %+v, and written again %+v", s, q, again)
		}
		_, err := k.Check(&q, target("a"), netip.MustParseAddr("10.0.0.1"), now)
		if err == nil && q.Sum != p.Sum {
			t.Errorf("%q was never signed", s)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	k := keys(b)
	p, err := k.Sign(Link{Path: torrent, Below: true, Expires: now.Add(time.Hour)}, "")
	if err != nil {
		b.Fatal(err)
	}
	bad := p
	bad.Depth = "1"
	to := target("Film", "a.mkv")
	to.Escape = func(out []byte, name string) []byte { return append(out, name...) }
	for name, p := range map[string]*Params{"good": &p, "forged": &bad} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = k.Check(p, to, netip.Addr{}, now)
			}
		})
	}
}
