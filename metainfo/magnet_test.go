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
	return cmp.Diff(a, b, cmpopts.EquateComparable(InfoHash{}))
}

func TestParseMagnet(t *testing.T) {
	xt := "xt=urn:btih:" + hexV1
	for uri, want := range map[string]*Magnet{
		"magnet:?" + xt: {Hashes: hashes(t, hexV1)},
		"MAGNET:?XT=URN:BTIH:" + strings.ToUpper(b32V1):                                            {Hashes: hashes(t, hexV1)},
		"  magnet:?" + xt + "\n":                                                                   {Hashes: hashes(t, hexV1)},
		"magnet:?&&" + xt + "&=&a&dn=#fragment":                                                    {Hashes: hashes(t, hexV1)},
		"magnet:?xt=urn:btmh:1220" + hexV2:                                                         {Hashes: hashes(t, hexV2)},
		"magnet:?xt=urn:btmh:" + b32Multihash():                                                    {Hashes: hashes(t, hexV2)},
		"magnet:?xt=urn:btmh:1220" + hexV2 + "&" + xt:                                              {Hashes: hashes(t, hexV1, hexV2)},
		"magnet:?xt.1=urn:btih:" + hexV1 + "&xt.2=urn:btih:" + b32V1 + "&xt=urn:sha1:whatever&xt=": {Hashes: hashes(t, hexV1)},
		"magnet:?" + xt + "&dn=a+b%20c%2B%26d&dn=second":                                           {Hashes: hashes(t, hexV1), Name: "a b c+&d"},
		"magnet:?" + xt + "&dn=100%":                                                               {Hashes: hashes(t, hexV1), Name: "100%"},
		"magnet:?xt=urn%3Abtih%3A" + hexV1:                                                         {Hashes: hashes(t, hexV1)},
		"magnet:?" + xt + "&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc&tr.1=udp://u.example:1&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc&tr=nonsense&tr=ftp://x.example/&tr=wss://w.example": {
			Hashes: hashes(t, hexV1), Trackers: []string{"http://t.example/a?b=c", "udp://u.example:1", "wss://w.example"},
		},
		"magnet:?" + xt + "&ws=http://s.example/a%20b&ws=udp://s.example/&ws=/etc/passwd": {
			Hashes: hashes(t, hexV1), WebSeeds: []string{"http://s.example/a%20b"},
		},
		"magnet:?" + xt + "&x.pe=1.2.3.4:56&x.pe=[2001:db8::1]:7&x.pe=peer.example:8&x.pe=%5B::1%5D%3A9&x.pe=1.2.3.4:056": {
			Hashes: hashes(t, hexV1), Peers: []string{"1.2.3.4:56", "[2001:db8::1]:7", "peer.example:8", "[::1]:9"},
		},
		"magnet:?" + xt + "&so=0,2,4,6-8&so=10": {
			Hashes: hashes(t, hexV1), Select: []Range{{0, 0}, {2, 2}, {4, 4}, {6, 8}, {10, 10}},
		},
		"magnet:?" + xt + "&xl=1000":                   {Hashes: hashes(t, hexV1), Size: 1000},
		"magnet:?" + xt + "&xl=-5&as=x&kt=y&xs=z&mt=q": {Hashes: hashes(t, hexV1)},
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
		"":                                 {"magnet", ReasonSyntax},
		"magnet":                           {"magnet", ReasonSyntax},
		"magnet:":                          {"magnet", ReasonSyntax},
		"magnet:xt=urn:btih:" + hexV1:      {"magnet", ReasonSyntax},
		"http://example.com/?" + xt[8:]:    {"magnet", ReasonSyntax},
		"magnet:?":                         {"magnet.xt", ReasonMissing},
		"magnet:?dn=x":                     {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:sha1:" + b32V1:     {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:btih:":             {"magnet.xt", ReasonMissing},
		"magnet:?xt=urn:btih:x":            {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btih:" + hexV2:     {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btmh:" + hexV1:     {"magnet.xt", ReasonSyntax},
		"magnet:?xt=urn:btmh:1320" + hexV2: {"magnet.xt", ReasonSyntax},
		xt + "&xt=urn:btih:" + strings.Repeat("0", 40):      {"magnet.xt", ReasonConflict},
		xt + "&x.pe=1.2.3.4":                                {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=1.2.3.4:0":                              {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=1.2.3.4:65536":                          {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=::1:80":                                 {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=:80":                                    {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=a%20b:80":                               {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=user@host:80":                           {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=host/path:80":                           {"magnet.x.pe", ReasonSyntax},
		xt + "&x.pe=" + strings.Repeat("a", 254) + ":80":    {"magnet.x.pe", ReasonSyntax},
		xt + "&so=x":                                        {"magnet.so", ReasonSyntax},
		xt + "&so=1,":                                       {"magnet.so", ReasonSyntax},
		xt + "&so=3-1":                                      {"magnet.so", ReasonSyntax},
		xt + "&so=-1":                                       {"magnet.so", ReasonSyntax},
		xt + "&so=1-2-3":                                    {"magnet.so", ReasonSyntax},
		xt + "&so=0-100000":                                 {"magnet.so", ReasonSyntax},
		xt + "&so=99999999999999999999":                     {"magnet.so", ReasonSyntax},
		xt + "&so=" + strings.Repeat("1,", MaxSelect) + "1": {"magnet.so", ReasonLimit},
		xt + "&dn=" + strings.Repeat("x", MaxMagnetLen):     {"magnet", ReasonLimit},
	} {
		m, err := ParseMagnet(uri)
		var inv *InvalidError
		if m != nil || !errors.As(err, &inv) || inv.Field != want.field || inv.Reason != want.reason {
			t.Errorf("%.80s: %v, want %s: %s", uri, err, want.field, string(want.reason))
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
		WebSeeds: []string{"http://s.example/x%20y"}, Peers: []string{"[2001:db8::1]:6881", "h.example:1"}, Select: []Range{{1, 1}, {3, 5}},
	}
	want := "magnet:?xt=urn:btih:" + hexV1 + "&xt=urn:btmh:1220" + hexV2 + "&dn=a%20%26%20b%2F%C3%BC&xl=7" +
		"&tr=http%3A%2F%2Ft.example%2F%3Fa%3Db%26c&ws=http%3A%2F%2Fs.example%2Fx%2520y" +
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
	if _, err := ParseHints("x.pe=nonsense"); !errors.Is(err, ReasonSyntax) {
		t.Error(err)
	}
	if _, err := ParseHints(strings.Repeat("&", MaxMagnetLen+1)); !errors.Is(err, ReasonLimit) {
		t.Error(err)
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
