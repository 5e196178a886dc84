package metainfo

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func hashes(t testing.TB, forms ...string) (list []InfoHash) {
	t.Helper()
	for _, s := range forms {
		h, err := ParseInfoHash(s)
		if err != nil {
			if h, err = ParseMultihash(s); err != nil {
				t.Fatal(err)
			}
		}
		list = append(list, h)
	}
	return list
}

func diffMagnets(a, b *Magnet) string {
	return cmp.Diff(a, b, cmpopts.EquateComparable(InfoHash{}), cmpopts.IgnoreUnexported(Magnet{}))
}

const (
	trackerWanted = "an absolute URL is expected (http, https, udp, ws, wss)"
	webWanted     = "an absolute URL is expected (http, https)"
)

func TestParseMagnet(t *testing.T) {
	xt := "xt=urn:btih:" + hexV1
	for uri, want := range map[string]*Magnet{
		"magnet:?" + xt: {Hashes: hashes(t, hexV1)},
		"MAGNET:?XT=URN:BTIH:" + strings.ToUpper(b32V1):                                            {Hashes: hashes(t, hexV1)},
		"  magnet:?" + xt + "\n":                                                                   {Hashes: hashes(t, hexV1)},
		"magnet:?&&" + xt + "&=&a&dn=#fragment":                                                    {Hashes: hashes(t, hexV1), Name: "#fragment"},
		"magnet:?xt=urn:btmh:1220" + hexV2:                                                         {Hashes: hashes(t, hexV2)},
		"magnet:?xt=urn:btmh:" + b32Multihash():                                                    {Hashes: hashes(t, hexV2)},
		"magnet:?xt=urn:btmh:1220" + hexV2 + "&" + xt:                                              {Hashes: hashes(t, hexV1, hexV2)},
		"magnet:?xt.1=urn:btih:" + hexV1 + "&xt.2=urn:btih:" + b32V1 + "&xt=urn:sha1:whatever&xt=": {Hashes: hashes(t, hexV1)},
		"magnet:?" + xt + "&dn=a+b%20c%2B%26d&dn=second":                                           {Hashes: hashes(t, hexV1), Name: "a b c+&d"},
		"magnet:?" + xt + "&dn=100%":                                                               {Hashes: hashes(t, hexV1), Name: "100%"},
		"magnet:?xt=urn%3Abtih%3A" + hexV1:                                                         {Hashes: hashes(t, hexV1)},
		"magnet:?" + xt + "&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc&tr.1=udp://u.example:1&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc&tr=nonsense&tr=ftp://x.example/&tr=wss://w.example": {
			Hashes: hashes(t, hexV1), Trackers: []string{"http://t.example/a?b=c", "udp://u.example:1", "wss://w.example"},
			Dropped: []Dropped{{"tr", trackerWanted}, {"tr", trackerWanted}},
		},
		"magnet:?" + xt + "&tr=t.example:1337/announce&tr=t.example%3A1337%2Fannounce&tr=udp://t.example:1337/announce": {
			Hashes: hashes(t, hexV1), Trackers: []string{"udp://t.example:1337/announce"},
		},
		"magnet:?" + xt + "&ws=http://s.example/a%20b&ws=udp://s.example/&ws=/etc/passwd": {
			Hashes: hashes(t, hexV1), WebSeeds: []string{"http://s.example/a%20b"},
			Dropped: []Dropped{{"ws", webWanted}, {"ws", webWanted}},
		},
		"magnet:?" + xt + "&x.pe=1.2.3.4:56&x.pe=[2001:db8::1]:7&x.pe=peer.example:8&x.pe=%5B::1%5D%3A9&x.pe=1.2.3.4:056": {
			Hashes: hashes(t, hexV1), Peers: []string{"1.2.3.4:56", "[2001:db8::1]:7", "peer.example:8", "[::1]:9"},
		},
		"magnet:?" + xt + "&so=0,2,4,6-8&so=10": {
			Hashes: hashes(t, hexV1), Select: []Range{{0, 0}, {2, 2}, {4, 4}, {6, 8}, {10, 10}},
		},
		"magnet:?" + xt + "&xl=1000":                   {Hashes: hashes(t, hexV1), Size: 1000},
		"magnet:?" + xt + "&xl=-5&as=x&kt=y&xs=z&mt=q": {Hashes: hashes(t, hexV1), Dropped: []Dropped{{"as", webWanted}, {"xs", webWanted}}},
		"magnet:?" + xt + "&xs=http://x.example/a.torrent&as=https%3A%2F%2Fy.example%2Fb": {
			Hashes: hashes(t, hexV1), ExactSources: []string{"http://x.example/a.torrent"}, AcceptableSources: []string{"https://y.example/b"},
		},
	} {
		got, err := ParseMagnet(uri)
		if err != nil {
			t.Errorf("%s: %v", uri, err)
		} else if d := diffMagnets(want, got); d != "" {
			t.Errorf("%s:\n%s", uri, d)
		}
	}
}

func TestBadMagnets(t *testing.T) {
	xt := "magnet:?xt=urn:btih:" + hexV1
	for uri, want := range map[string]struct {
		field  string
		reason Reason
	}{
		"":                              {"magnet", ReasonSyntax},
		"magnet":                        {"magnet", ReasonSyntax},
		"magnet:":                       {"magnet", ReasonSyntax},
		"http://example.com/?" + xt[8:]: {"magnet", ReasonSyntax},
		"a file.torrent":                {"magnet", ReasonSyntax},
		"http://gw.example/btih/":       {"magnet", ReasonSyntax},
		"http://gw.example/btih/x/":     {"magnet.xt", ReasonSyntax},
		"http://gw.example/x/" + hexV1:  {"magnet", ReasonSyntax},
		"hash of " + hexV1:              {"magnet", ReasonSyntax},
		"http://gw.example/btih/" + hexV1 + "/?xt=urn:btih:" + strings.Repeat("0", 40): {"magnet.xt", ReasonConflict},
		hexV1[1:]:                                       {"magnet", ReasonSyntax},
		"magnet:?":                                      {"magnet.xt", ReasonMissing},
		"magnet:?dn=x":                                  {"magnet.xt", ReasonMissing},
		"magnet:?dn=urn:btih:" + hexV1:                  {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:sha1:" + b32V1:                  {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:btih:":                          {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:btih:x":                         {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btih:" + hexV2:                  {"magnet.xt", ReasonSyntax},
		xt + "0":                                        {"magnet.xt", ReasonSyntax},
		xt[:len(xt)-1]:                                  {"magnet.xt", ReasonSyntax},
		xt[:len(xt)-1] + "g":                            {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btmh:" + hexV1:                  {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btmh:1320" + hexV2:              {"magnet.xt", ReasonSyntax},
		xt + "&xt=urn:btih:" + strings.Repeat("0", 40):  {"magnet.xt", ReasonConflict},
		xt + "&dn=" + strings.Repeat("x", MaxMagnetLen): {"magnet", ReasonLimit},
	} {
		m, err := ParseMagnet(uri)
		var inv *InvalidError
		if m != nil || !errors.As(err, &inv) || inv.Field != want.field || inv.Reason != want.reason {
			t.Errorf("%.80s: %v, want %s: %s", uri, err, want.field, string(want.reason))
		}
	}
}

// A hint that is of no use is dropped and noted without its value, and the rest holds.
func TestDroppedHints(t *testing.T) {
	for _, hint := range []string{
		"x.pe=1.2.3.4", "x.pe=1.2.3.4:0", "x.pe=1.2.3.4:65536", "x.pe=::1:80", "x.pe=:80", "x.pe=a%20b:80", "x.pe=user@host:80", "x.pe=host/path:80",
		"x.pe=" + strings.Repeat("a", 254) + ":80",
		"so=x", "so=1,", "so=0-", "so=3-1", "so=-1", "so=1-2-3", "so=0-100000", "so=99999999999999999999", "so=" + strings.Repeat("1,", MaxSelect) + "1",
		"tr=nonsense", "tr=http://", "tr=udp://t.example/announce", "tr=http://t.example:0/", "tr=http://t.example:99999/", "tr=http://t.example/" + strings.Repeat("a", maxHintURLLen),
		"tr=ftp://t.example/", "tr=javascript:alert(1)", "tr=http://t.example/%0d%0aX", "ws=udp://s.example:1", "xs=urn:btpk:abc", "as=x", "xt=urn:btih:nonsense",
	} {
		key, value, _ := strings.Cut(hint, "=")
		m, err := ParseMagnet("magnet:?xt=urn:btih:" + hexV1 + "&" + hint + "&tr=udp://t.example:1&dn=x")
		if err != nil {
			t.Errorf("%.60s: %v", hint, err)
			continue
		}
		if len(m.Dropped) != 1 || m.Dropped[0].Param != key || len(value) > 3 && strings.Contains(m.Dropped[0].Reason, value) {
			t.Errorf("%.60s: dropped %+v", hint, m.Dropped)
		}
		m.Dropped = nil
		if d := diffMagnets(&Magnet{Hashes: hashes(t, hexV1), Name: "x", Trackers: []string{"udp://t.example:1"}}, m); d != "" {
			t.Errorf("%.60s:\n%s", hint, d)
		}
	}
}

// TestMagnetLimits checks that hints beyond their number are dropped.
func TestMagnetLimits(t *testing.T) {
	var uri strings.Builder
	uri.WriteString("magnet:?xt=urn:btih:" + hexV1)
	for i := range 200 {
		fmt.Fprintf(&uri, "&tr=udp://t%d.example:1&ws=http://s%d.example/&x.pe=10.0.0.%d:1", i, i, i)
	}
	m, err := ParseMagnet(uri.String())
	if err != nil || len(m.Trackers) != MaxTrackers || len(m.WebSeeds) != MaxWebSeeds || len(m.Peers) != MaxNodes {
		t.Error(err, len(m.Trackers), len(m.WebSeeds), len(m.Peers))
	}
}

func TestMagnetString(t *testing.T) {
	m := &Magnet{
		Hashes: hashes(t, hexV1, hexV2), Name: "a & b/ü", Size: 7, Trackers: []string{"http://t.example/?a=b&c"},
		WebSeeds: []string{"http://s.example/x%20y"}, Peers: []string{"[2001:db8::1]:6881", "h.example:1"},
		ExactSources: []string{"http://x.example/t?a=b&c=d"}, AcceptableSources: []string{"https://y.example/t."}, Select: []Range{{1, 1}, {3, 5}},
	}
	want := "magnet:?xt=urn:btih:" + hexV1 + "&xt=urn:btmh:1220" + hexV2 + "&dn=a%20%26%20b%2F%C3%BC&xl=7" +
		"&tr=http%3A%2F%2Ft.example%2F%3Fa%3Db%26c&ws=http%3A%2F%2Fs.example%2Fx%2520y" +
		"&xs=http%3A%2F%2Fx.example%2Ft%3Fa%3Db%26c%3Dd&as=https%3A%2F%2Fy.example%2Ft." +
		"&x.pe=[2001:db8::1]:6881&x.pe=h.example:1&so=1,3-5"
	if m.String() != want {
		t.Errorf("%s", m)
	}
	again, err := ParseMagnet(m.String())
	if err != nil || diffMagnets(m, again) != "" {
		t.Error(err, diffMagnets(m, again))
	}
	if got := (&Magnet{Hashes: hashes(t, hexV1)}).String(); got != "magnet:?xt=urn:btih:"+hexV1 {
		t.Error(got)
	}
}

func TestParseHints(t *testing.T) {
	m, err := ParseHints("tr=udp://t.example:1&x.pe=127.0.0.1:5&download=1&dn=x")
	if err != nil || len(m.Hashes) != 0 {
		t.Fatal(err)
	}
	if got := m.Query(); got != "dn=x&tr=udp%3A%2F%2Ft.example%3A1&x.pe=127.0.0.1:5" {
		t.Error(got)
	}
	if m, err := ParseHints(""); err != nil || m.Query() != "" {
		t.Error(m, err)
	}
	if m, err := ParseHints("x.pe=nonsense"); err != nil || len(m.Dropped) != 1 {
		t.Error(m, err)
	}
	if _, err := ParseHints(strings.Repeat("&", MaxMagnetLen+1)); !errors.Is(err, ReasonLimit) {
		t.Error(err)
	}
}

// Of a hybrid's link the URL by one infohash carries the other.
func TestMagnetTwin(t *testing.T) {
	both := hashes(t, hexV1, hexV2)
	m, err := ParseMagnet("magnet:?xt=urn:btmh:1220" + hexV2 + "&xt=urn:btih:" + hexV1 + "&dn=x")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"xt=urn:btmh:1220" + hexV2 + "&dn=x", "xt=urn:btih:" + hexV1 + "&dn=x"} {
		query := m.QueryFor(both[i])
		if query != want || m.Twin(both[i]) != both[1-i] {
			t.Errorf("%s: %q, twin %v", both[i], query, m.Twin(both[i]))
		}
		hints, err := ParseHints(query)
		if err != nil || hints.Twin(both[i]) != both[1-i] || hints.Twin(both[1-i]) != (InfoHash{}) || hints.Twin(InfoHash{}) != (InfoHash{}) || hints.QueryFor(InfoHash{}) != query {
			t.Errorf("%q: %+v, %v", query, hints, err)
		}
	}
	two, err := ParseHints("xt=urn:btih:" + hexV1 + "&xt=urn:btih:" + strings.Repeat("0", 40))
	if err != nil || len(two.Hashes) != 1 || two.Hashes[0] != both[0] || len(two.Dropped) != 1 {
		t.Errorf("%+v, %v", two, err)
	}
}

func TestSelected(t *testing.T) {
	all, some := &Magnet{}, &Magnet{Select: []Range{{1, 1}, {3, 5}}}
	for i, want := range []bool{false, true, false, true, true, true, false} {
		if some.Selected(i) != want || !all.Selected(i) {
			t.Errorf("%d: %v", i, !want)
		}
	}
}
