package gateway

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// noPrivate is a policy as the dialer has it, much simplified.
func noPrivate(ap netip.AddrPort) error {
	if ip := ap.Addr(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return errors.New("private")
	}
	return nil
}

func TestParseQuery(t *testing.T) {
	q, p := parseQuery("tr=http%3A%2F%2Ft.example%2Fannounce&x.pe=203.0.113.5:6881&x.pe=[2001:db8::1]:6881&x.pe=peer.example:1"+
		"&tr=udp://u.example:80&tr=wss://w.example&ws=https://s.example/f&dn=A+name%21&so=0,2,4-8&other=1&&download=1&filename=x%2By&format=JSON", noPrivate)
	if p != nil {
		t.Fatal(p.detail)
	}
	if want := []string{"http://t.example/announce", "udp://u.example:80"}; !slices.Equal(q.hints.Trackers, want) {
		t.Errorf("trackers %q", q.hints.Trackers)
	}
	if want := []string{"203.0.113.5:6881", "[2001:db8::1]:6881", "peer.example:1"}; !slices.Equal(q.hints.Peers, want) {
		t.Errorf("peers %q", q.hints.Peers)
	}
	if want := []string{"https://s.example/f"}; !slices.Equal(q.hints.WebSeeds, want) {
		t.Errorf("web seeds %q", q.hints.WebSeeds)
	}
	if q.hints.Name != "A name!" || !q.attachment || q.filename != "x+y" || q.format != "json" {
		t.Errorf("%+v", q)
	}
}

func TestParseQueryRefuses(t *testing.T) {
	repeat := func(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+"&", n), "&") }
	tests := []struct{ query, says string }{
		{"tr=nonsense", "tr: an absolute URL"},
		{"tr=http://", "tr: an absolute URL"},
		{"tr=%zz", "tr: a % in it"},
		{"%zz=1", "(another): a % in it"},
		{"tr=udp://t.example/announce", "tr: a udp URL needs a port"},
		{"tr=http://127.0.0.1/announce", "tr: the address is not allowed"},
		{"tr=http://[::1]:80/announce", "tr: the address is not allowed"},
		{"tr=http://[::ffff:10.0.0.1]/announce", "tr: the address is not allowed"},
		{"tr=http://localhost:6969/announce", "tr: the address is not allowed"},
		{"tr=http://a.localhost./announce", "tr: the address is not allowed"},
		{"tr=http://t.example:0/announce", "tr: the port"},
		{"tr=http://t.example:99999/announce", "tr: the port"},
		{"tr=http://t.example/" + strings.Repeat("a", maxHintBytes), "tr: longer than"},
		{repeat("tr=http://t.example/a", maxHintTrackers+1), fmt.Sprintf("tr: at most %d", maxHintTrackers)},
		{"ws=http://192.168.0.1/f", "ws: the address is not allowed"},
		{"ws=x", "ws: an absolute URL"},
		{repeat("ws=http://s.example/a", maxHintWebSeeds+1), fmt.Sprintf("ws: at most %d", maxHintWebSeeds)},
		{"x.pe=10.1.2.3:6881", "x.pe: the address is not allowed"},
		{"x.pe=localhost:6881", "x.pe: the address is not allowed"},
		{"x.pe=203.0.113.5", "x.pe: host:port"},
		{"x.pe=203.0.113.5:0", "x.pe: host:port"},
		{"x.pe=:6881", "x.pe: host:port"},
		{"x.pe=a%20b:6881", "x.pe: host:port"},
		{"x.pe=", "x.pe: host:port"},
		{repeat("x.pe=203.0.113.5:1", maxHintPeers+1), fmt.Sprintf("x.pe: at most %d", maxHintPeers)},
		{"so=a", "so: indexes"},
		{"so=4-2", "so: indexes"},
		{"download=maybe", "download: 1 or 0"},
		{"filename=" + strings.Repeat("a", maxFilename+1), "filename: at most"},
	}
	for _, test := range tests {
		_, p := parseQuery(test.query, noPrivate)
		if p == nil || p.status != 400 || !strings.Contains(p.detail, test.says) {
			t.Errorf("%.60q: %+v", test.query, p)
		}
	}
	for _, query := range []string{"x.pe=127.0.0.1:1", "tr=http://10.0.0.1/a"} {
		if _, p := parseQuery(query, nil); p != nil {
			t.Errorf("%q without a policy: %s", query, p.detail)
		}
	}
}

// A passkey in a tracker's URL is in no error.
func TestParseQueryTellsNoSecret(t *testing.T) {
	for _, query := range []string{"tr=http://127.0.0.1/SECRET/announce", "tr=SECRET", "SECRET=%zz", "x.pe=SECRET"} {
		if _, p := parseQuery(query, noPrivate); p == nil || strings.Contains(p.detail, "SECRET") {
			t.Errorf("%q: %+v", query, p)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"tr=http://t.example/a&x.pe=[::1]:1", "ws=https://[::ffff:127.0.0.1]/", "dn=%ff&so=1-2", "&=&", "x.pe=127.1:80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, p := parseQuery(raw, noPrivate)
		if p != nil {
			if p.status != 400 || strings.ContainsAny(p.detail, "\r\n") {
				t.Fatalf("%+v", p)
			}
			return
		}
		if len(q.hints.Trackers) > maxHintTrackers || len(q.hints.Peers) > maxHintPeers || len(q.hints.WebSeeds) > maxHintWebSeeds {
			t.Fatal("more hints than are allowed")
		}
		if len(q.hints.Name) > maxHintName {
			t.Fatalf("a name of %d bytes", len(q.hints.Name))
		}
		for _, peer := range q.hints.Peers {
			if ap, err := netip.ParseAddrPort(peer); err == nil && noPrivate(netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())) != nil {
				t.Fatalf("peer %q was let through", peer)
			}
		}
	})
}

func TestCutName(t *testing.T) {
	for _, name := range []string{"", "short", strings.Repeat("é", 200), strings.Repeat("\x80", 300)} {
		got := cutName(name, maxHintName)
		if len(got) > maxHintName || !strings.HasPrefix(name, got) || utf8.ValidString(name) && !utf8.ValidString(got) {
			t.Errorf("%.20q: %d bytes", name, len(got))
		}
	}
}

func TestMagnetLocation(t *testing.T) {
	tests := []struct{ query, want, says string }{
		{"uri=magnet:%3Fxt%3Durn:btih:" + strings.ToUpper(v1Hex), "/btih/" + v1Hex + "/", ""},
		{"uri=magnet:%3Fxt%3Durn:btih:" + v1Base32, "/btih/" + v1Hex + "/", ""},
		{"xt=urn:btih:" + v1Hex + "&dn=A+b&tr=http%3A%2F%2Ft.example%2Fa", "/btih/" + v1Hex + "/?dn=A%20b&tr=http%3A%2F%2Ft.example%2Fa", ""},
		{"uri=magnet:?xt=urn:btih:" + v1Hex + "&tr=http://t.example/a&x.pe=203.0.113.5:7", "/btih/" + v1Hex + "/?tr=http%3A%2F%2Ft.example%2Fa&x.pe=203.0.113.5:7", ""},
		{"xt=urn:btmh:" + v2Hex + "&so=1,3-4", "/btmh/" + v2Base32(t) + "/?so=1,3-4", ""},
		{"xt=urn:btmh:" + v2Hex + "&xt=urn:btih:" + v1Hex, "/btih/" + v1Hex + "/", ""},
		{"uri=" + v1Hex, "/btih/" + v1Hex + "/", ""},
		{"uri=%20" + v1Base32 + "%20", "/btih/" + v1Hex + "/", ""},
		{"xt=urn:btih:" + v1Hex + strings.Repeat("&tr=http://t.example/a", 90), "/btih/" + v1Hex + "/?tr=http%3A%2F%2Ft.example%2Fa", ""},
		{"", "", "A magnet link is expected"},
		{"uri=", "", "A magnet link is expected"},
		{"uri=http://example.org/", "", "not a magnet link"},
		{"xt=urn:btih:xyz", "", "not a magnet link"},
		{"xt=urn:sha1:abc", "", "not a magnet link"},
		{"xt=urn:btih:" + v1Hex + "&x.pe=10.0.0.1:1", "", "x.pe: the address is not allowed"},
		{"uri=%zz", "", "percent-encoded"},
	}
	for _, test := range tests {
		link, p := magnetOf(test.query)
		location := ""
		if p == nil {
			location, p = magnetLocation(link, noPrivate)
		}
		if test.says == "" && (p != nil || location != test.want) || test.says != "" && (p == nil || !strings.Contains(p.detail, test.says)) {
			t.Errorf("%.80q: %q %+v", test.query, location, p)
		}
	}
}
