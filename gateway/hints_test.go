package gateway

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo"
)

// noPrivate is a policy as the dialer has it, much simplified.
func noPrivate(ap netip.AddrPort) error {
	if ip := ap.Addr(); ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified() {
		return errors.New("private")
	}
	return nil
}

func TestParseQuery(t *testing.T) {
	q, p := parseQuery("tr=http%3A%2F%2Ft.example%2Fannounce&x.pe=203.0.113.5:6881&x.pe=[2001:db8::1]:6881&x.pe=peer.example:1"+
		"&tr=udp://u.example:80&tr=wss://w.example&ws=https://s.example/f&dn=A+name%21&so=0,2,4-8&other=1&&download=1&filename=x%2By&format=JSON", noPrivate, false)
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

// What cannot be used of a query's hints is left out and noted; all else holds.
func TestParseQueryDrops(t *testing.T) {
	repeat := func(s string, n int) (out string) {
		for i := range n {
			out += fmt.Sprintf(s, i) + "&"
		}
		return strings.TrimSuffix(out, "&")
	}
	tests := []struct{ query, says string }{
		{"tr=nonsense", "tr (an absolute URL"},
		{"tr=http://", "tr (an absolute URL"},
		{"tr=%zz", "tr (an absolute URL"},
		{"tr=udp://t.example/announce", "tr (a udp URL needs a port"},
		{"tr=http://127.0.0.1/announce", "tr (the address is not allowed"},
		{"tr=http://0.0.0.0/announce", "tr (the address is not allowed"},
		{"tr=http://[::1]:80/announce", "tr (the address is not allowed"},
		{"tr=http://[::ffff:10.0.0.1]/announce", "tr (the address is not allowed"},
		{"tr=http://localhost:6969/announce", "tr (the address is not allowed"},
		{"tr=http://a.localhost./announce", "tr (the address is not allowed"},
		{"tr=http://t.example:0/announce", "tr (the port"},
		{"tr=http://t.example:99999/announce", "tr (the port"},
		{"tr=http://t.example/" + strings.Repeat("a", 2049), "tr (longer than"},
		{repeat("tr=http://t.example/%d", maxHintTrackers+1), fmt.Sprintf("tr (more than %d", maxHintTrackers)},
		{"ws=http://192.168.0.1/f", "ws (the address is not allowed"},
		{"ws=x", "ws (an absolute URL"},
		{repeat("ws=http://s.example/%d", maxHintWebSeeds+1), fmt.Sprintf("ws (more than %d", maxHintWebSeeds)},
		{"xs=http://10.0.0.1/a.torrent", "xs (the address is not allowed"},
		{repeat("as=http://s.example/%d", maxHintSources+1), fmt.Sprintf("as (more than %d", maxHintSources)},
		{"x.pe=10.1.2.3:6881", "x.pe (the address is not allowed"},
		{"x.pe=localhost:6881", "x.pe (the address is not allowed"},
		{"x.pe=203.0.113.5", "x.pe (host:port"},
		{"x.pe=203.0.113.5:0", "x.pe (host:port"},
		{"x.pe=:6881", "x.pe (host:port"},
		{"x.pe=a%20b:6881", "x.pe (host:port"},
		{repeat("x.pe=203.0.113.5:%d", maxHintPeers+2)[len("x.pe=203.0.113.5:0&"):], fmt.Sprintf("x.pe (more than %d", maxHintPeers)},
		{"so=a", "so (indexes"},
		{"so=0-", "so (indexes"},
		{"so=4-2", "so (indexes"},
	}
	for _, test := range tests {
		q, p := parseQuery(test.query+"&dn=%zz&format=json&tr=wss://w.example&x.pe=203.0.113.9:9", noPrivate, false)
		if p != nil || !strings.HasPrefix(q.notes, test.says) || q.hints.Name != "%zz" || q.format != "json" || len(q.dropped) == 0 ||
			!strings.Contains(test.query, "x.pe=203") && !slices.Equal(q.hints.Peers, []string{"203.0.113.9:9"}) {
			t.Errorf("%.60q: %+v %+v", test.query, q, p)
		}
		if again, p := parseQuery(q.carry, noPrivate, false); p != nil || len(again.dropped) > 0 || again.carry != q.carry {
			t.Errorf("%.60q: carried as %q: %+v", test.query, q.carry, again)
		}
	}
	for _, query := range []string{"x.pe=127.0.0.1:1", "tr=http://10.0.0.1/a"} {
		if q, p := parseQuery(query, nil, false); p != nil || q.notes != "" {
			t.Errorf("%q without a policy: %+v", query, q)
		}
	}
}

func TestParseQueryRefuses(t *testing.T) {
	for query, says := range map[string]string{"download=maybe": "download: 1 or 0", "filename=" + strings.Repeat("a", maxFilename+1): "filename: at most"} {
		if _, p := parseQuery(query, noPrivate, false); p == nil || p.status != 400 || !strings.Contains(p.detail, says) {
			t.Errorf("%.60q: %+v", query, p)
		}
	}
}

// A passkey in a tracker's URL is in no note.
func TestParseQueryTellsNoSecret(t *testing.T) {
	for _, query := range []string{"tr=http://127.0.0.1/SECRET/announce", "tr=SECRET", "SECRET=%zz", "x.pe=SECRET", "tr=http://SECRET:x/", "xs=SECRET://x"} {
		if q, p := parseQuery(query, noPrivate, false); p != nil || strings.Contains(fmt.Sprint(q.notes, q.dropped, q.carry), "SECRET") {
			t.Errorf("%q: %+v", query, q)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"tr=http://t.example/a&x.pe=[::1]:1", "ws=https://[::ffff:127.0.0.1]/", "dn=%ff&so=1-2", "&=&", "x.pe=127.1:80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		q, p := parseQuery(raw, noPrivate, false)
		if p != nil {
			if p.status != 400 || strings.ContainsAny(p.detail, "\r\n") {
				t.Fatalf("%+v", p)
			}
			return
		}
		if strings.ContainsFunc(q.notes+q.carry, func(r rune) bool { return r < ' ' || r >= 0x7f }) || strings.ContainsAny(q.carry, "'\"<> ") {
			t.Fatalf("%q %q", q.notes, q.carry)
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
		{"xt=urn:btmh:" + v2Hex + "&xt=urn:btih:" + v1Hex, "/btih/" + v1Hex + "/?xt=urn:btmh:" + v2Hex, ""},
		{"uri=magnet:%3Fxt%3Durn:btih:" + v1Hex + "%26xt%3Durn:btmh:" + v2Hex + "%26dn%3Dx", "/btih/" + v1Hex + "/?xt=urn:btmh:" + v2Hex + "&dn=x", ""},
		{"uri=" + v1Hex, "/btih/" + v1Hex + "/", ""},
		{"uri=%20" + v1Base32 + "%20", "/btih/" + v1Hex + "/", ""},
		{"uri=" + v1Hex + "&tr=udp://t.example:1", "/btih/" + v1Hex + "/?tr=udp%3A%2F%2Ft.example%3A1", ""},
		{"dn=x&uri=" + v1Hex, "/btih/" + v1Hex + "/", ""},
		{"magnet:?xt=urn:btih:" + v1Hex + "&dn=x", "/btih/" + v1Hex + "/?dn=x", ""},
		{"uri=%3Ca+href%3D%22magnet%3A%3Fxt%3Durn%3Abtih%3A" + v1Hex + "%26amp%3Bdn%3DFilm+%231%22%3E", "/btih/" + v1Hex + "/?dn=Film%20%231", ""},
		{"xt=urn:btih:" + v1Hex + ";dn=x;tr=udp://t.example:1", "/btih/" + v1Hex + "/?dn=x&tr=udp%3A%2F%2Ft.example%3A1", ""},
		{"uri=magnet:?xt=urn:btih:" + v1Hex + "&amp;dn=100%", "/btih/" + v1Hex + "/?dn=100%25", ""},
		{"xt=urn:btih:" + v1Hex + "&xs=http://x.example/a&as=http://y.example/b&ws=http://s.example/&xl=5", "/btih/" + v1Hex +
			"/?xl=5&ws=http%3A%2F%2Fs.example%2F&xs=http%3A%2F%2Fx.example%2Fa&as=http%3A%2F%2Fy.example%2Fb", ""},
		{"xt=urn:btih:" + v1Hex + strings.Repeat("&tr=http://t.example/a", 90), "/btih/" + v1Hex + "/?tr=http%3A%2F%2Ft.example%2Fa", ""},
		{"xt=urn:btih:" + v1Hex + "&tr=wss://w.example", "/btih/" + v1Hex + "/?tr=wss%3A%2F%2Fw.example", ""},
		{"xt=urn:btih:" + v1Hex + "&x.pe=10.0.0.1:1&dn=y", "/btih/" + v1Hex + "/?dn=y", ""},
		{"", "", "A magnet link is expected"},
		{"uri=", "", "A magnet link is expected"},
		{"uri=http://example.org/", "", "not a magnet link"},
		{"xt=urn:btih:xyz", "", "not a magnet link"},
		{"xt=urn:sha1:abc", "", "not a magnet link"},
		{"uri=%zz", "", "not a magnet link"},
	}
	g := serve(t, func(cfg *Config) { cfg.CheckAddr = noPrivate })
	for _, test := range tests {
		a := g.get(t, "/magnet?"+test.query)
		if test.says == "" && (a.status != 302 || a.get("Location") != test.want) || test.says != "" && (a.status != 400 || !strings.Contains(string(a.body), test.says)) {
			t.Errorf("%.80q: %d %q %s", test.query, a.status, a.get("Location"), a.body)
		}
	}
}

// What a link has of no use is left out and told, by /magnet, by the torrent's URL, by its
// errors and by the API.
func TestDroppedHintsAreTold(t *testing.T) {
	g := serve(t, func(cfg *Config) { cfg.CheckAddr = noPrivate })
	hash, data := g.single(t, "a.bin", 1000)
	const bad, notes = "&x.pe=10.0.0.1:1&tr=udp://t.example&so=0-", "tr (a udp URL needs a port), so (indexes of files are expected, as 0,2,4-8), x.pe (the address is not allowed here (private, loopback or reserved))"
	a := g.get(t, "/magnet?xt=urn:btih:"+hash.String()+bad+"&dn=x")
	if a.status != 302 || a.get("Location") != hash.Path()+"/?dn=x" || a.get(droppedHeader) != notes {
		t.Errorf("/magnet: %d %v", a.status, a.header)
	}
	a = g.get(t, hash.Path()+"/a.bin?dn=x"+bad)
	if a.status != 200 || a.get(droppedHeader) != notes {
		t.Errorf("a file: %d %v", a.status, a.header)
	}
	a.wantBody(t, data)
	if a := g.get(t, hash.Path()+"/a.bin?dn=x"); a.status != 200 || a.header[droppedHeader] != nil {
		t.Errorf("nothing left out: %d %v", a.status, a.header)
	}
	a = g.get(t, hash.Path()+"/b.bin?dn=x"+bad)
	if a.status != 404 || !strings.Contains(string(a.body), `"parameter": "so"`) || !strings.Contains(string(a.body), "needs a port") {
		t.Errorf("a problem: %d %s", a.status, a.body)
	}
	a = g.get(t, hash.Path()+"/b.bin?dn=x"+bad, "Accept: text/html")
	if a.status != 404 || !strings.Contains(string(a.body), "needs a port") || !strings.Contains(string(a.body), hash.String()+"/?dn=x\"") {
		t.Errorf("a page: %d %s", a.status, a.body)
	}
	admin := serveAdmin(t, func(cfg *AdminConfig) { cfg.Backend, cfg.CheckAddr = g.backend, noPrivate })
	for kind, body := range map[string]string{
		"text/plain": "<magnet:?xt=urn:btih:" + hash.String() + bad + ">", "application/x-www-form-urlencoded": "magnet=magnet:?xt=urn:btih:" + hash.String() + bad,
		"application/json": `{"magnet": "magnet://?xt=urn:btih:` + hash.String() + strings.ReplaceAll(bad, "&", "&amp;") + `"}`,
	} {
		a := admin.raw(t, fmt.Sprintf("POST /api/v1/torrents HTTP/1.1\nHost: localhost\nConnection: close\nContent-Type: %s\nContent-Length: %d\n\n%s", kind, len(body), body))
		if a.status != 201 || a.get(droppedHeader) != notes || !strings.Contains(string(a.body), `"dropped":[{"parameter":"tr"`) {
			t.Errorf("%s: %d %v %s", kind, a.status, a.header, a.body)
		}
	}
}

// The hints of a link go on with every link of its pages and playlists.
func TestHintsGoOn(t *testing.T) {
	g := serve(t, nil)
	hash := g.backend.add(t, "d", metainfo.V1, map[string][]byte{"s/a.mp4": {1}, "b.mp4": {2}})
	const hints = "xt=urn:btmh:" + v2Hex + "&dn=x&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc&ws=http%3A%2F%2Fs.example%2F&xs=http%3A%2F%2Fx.example%2Fa&as=http%3A%2F%2Fy.example%2Fb&x.pe=[2001:db8::1]:7&so=0"
	escaped := strings.ReplaceAll(hints, "&", "&amp;")
	a := g.get(t, "/magnet?xt=urn:btih:"+hash.String()+"&"+hints)
	if want := hash.Path() + "/?" + hints; a.get("Location") != want {
		t.Errorf("/magnet: %q, not %q", a.get("Location"), want)
	}
	page := g.get(t, hash.Path()+"/d/s/?"+hints, "Accept: text/html")
	for _, want := range []string{`href="a.mp4?` + escaped + `"`, `href ="../?` + escaped + `"`, "?format=tar&amp;" + escaped, `name="tr" value="http&#58;//t.example/a?b=c"`, `name="x.pe" value="[2001:db8::1]:7"`} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the page of a directory has no %s in\n%s", want, page.body)
		}
	}
	page = g.get(t, hash.Path()+"/?format=html&"+hints)
	for _, want := range []string{`href="d/s/?format=html&amp;` + escaped + `"`, `href ="magnet:?xt=urn:btih:` + hash.String() + "&amp;dn=d&amp;tr=http%3A%2F%2Ft.example"} {
		if !strings.Contains(string(page.body), want) {
			t.Errorf("the page of the torrent has no %s in\n%s", want, page.body)
		}
	}
	list := g.get(t, hash.Path()+"/?format=m3u8&"+hints)
	if n := strings.Count(string(list.body), ".mp4?"+hints+"\n"); n != 2 {
		t.Errorf("%d entries with hints in\n%s", n, list.body)
	}
	// And with every redirect.
	for path, want := range map[string]string{
		"/btih/" + strings.ToUpper(hash.String()) + "/d/b.mp4?": hash.Path() + "/d/b.mp4?", "/btih/" + base32Of(hash) + "/?": hash.Path() + "/?",
		hash.Path() + "?": hash.Path() + "/?", hash.Path() + "/d/s?": hash.Path() + "/d/s/?", hash.Path() + "/d//./s/../b.mp4?": hash.Path() + "/d/b.mp4?",
		"/" + hash.String() + "?": hash.Path() + "/?", "/" + hash.String() + ".torrent?": hash.Path() + "/?format=torrent&",
		"/urn:btih:" + hash.String() + "?": hash.Path() + "/?", "/magnet:?xt=urn:btih:" + hash.String() + "&": hash.Path() + "/?",
	} {
		if a := g.get(t, path+hints); a.status/100 != 3 || a.get("Location") != want+hints {
			t.Errorf("%s: %d to %q", path, a.status, a.get("Location"))
		}
	}
	if a := g.get(t, hash.Path()+"/d/?"+hints, "Accept: text/html", "Sec-Fetch-Dest: document"); a.get("Location") != hash.Path()+"/d/?view=1&"+hints {
		t.Errorf("to the page: %d to %q", a.status, a.get("Location"))
	}
	if a := g.get(t, "/btih/"+hash.String()+".torrent?"+hints); a.get("Location") != hash.Path()+"/?format=torrent&"+hints {
		t.Errorf("to the .torrent: %d to %q", a.status, a.get("Location"))
	}
	if a := g.get(t, hash.Path()+"/?format=m3u8"); strings.Contains(string(a.body), ".mp4?") || a.get("Etag") == list.get("Etag") {
		t.Errorf("without hints: %v\n%s", a.header, a.body)
	}
}

// The other infohash of a hybrid torrent is a hint: the swarm is looked for by it too, where
// that torrent may be fetched. One that turns out to be another torrent's is told.
func TestTwinIsAHint(t *testing.T) {
	b := newFakeBackend()
	hybrid := b.add(t, "h", metainfo.Hybrid, map[string][]byte{"a.bin": []byte("abc")})
	info := b.torrents[hybrid].Info
	twin, stranger := info.Hashes()[1], metainfo.NewV2([32]byte{1})
	for name, test := range map[string]struct {
		query   string
		allowed []string
		want    metainfo.InfoHash
		notes   string
	}{
		"its own":               {query: "xt=" + twin.URN(), want: twin},
		"none":                  {query: "dn=x"},
		"another torrent's":     {query: "xt=" + stranger.URN() + "&so=0-", want: stranger, notes: "so (indexes of files are expected, as 0,2,4-8), xt (not an infohash of this torrent)"},
		"of the same version":   {query: "xt=" + hybrid.URN()},
		"two of one version":    {query: "xt=" + twin.URN() + "&xt=" + stranger.URN(), want: twin, notes: "xt (two infohashes of one version)"},
		"on the allowlist":      {query: "xt=" + twin.URN(), allowed: []string{twin.Path()}, want: twin},
		"not on the allowlist":  {query: "xt=" + twin.URN()},
		"no infohash":           {query: "xt=urn:btmh:1220ab", notes: "xt (not an infohash)"},
		"in its canonical form": {query: "xt=urn:btmh:" + twin.String(), want: twin},
	} {
		t.Run(name, func(t *testing.T) {
			g := serve(t, func(cfg *Config) {
				cfg.Backend = b
				if strings.Contains(name, "allowlist") {
					cfg.Allowlist = allowing(t, append(test.allowed, hybrid.Path())...)
				}
			})
			a := g.get(t, hybrid.Path()+"/h/a.bin?"+test.query)
			if a.status != 200 || a.get(droppedHeader) != test.notes {
				t.Errorf("%d, left out %q", a.status, a.get(droppedHeader))
			}
			b.mu.Lock()
			defer b.mu.Unlock()
			if got := b.hints[len(b.hints)-1].Twin; got != test.want {
				t.Errorf("looked for by %v, not %v", got, test.want)
			}
		})
	}
}
