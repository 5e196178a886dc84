package gateway

import (
	"net"
	"testing"

	"github.com/btgw/btgw/gateway/httprange"
	"github.com/btgw/btgw/metainfo"
)

func TestHostCheck(t *testing.T) {
	h, err := newHostCheck([]string{"btgw.example.org", "*.gw.example.org", "203.0.113.9:8080"})
	if err != nil {
		t.Fatal(err)
	}
	h.listen(&net.TCPAddr{IP: net.ParseIP("192.0.2.4"), Port: 8080})
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:8080": true, "x.localhost": true, "127.0.0.1:8080": true, "127.9.9.9": true,
		"[::1]": true, "[::1]:8080": true, "::1": true, "[::ffff:127.0.0.1]": true,
		"192.0.2.4": true, "192.0.2.4:99": true, "192.0.2.5": false,
		"btgw.example.org": true, "BTGW.Example.org.:80": true, "x.btgw.example.org": false,
		"a.gw.example.org": true, "a.b.gw.example.org": true, "gw.example.org": false, ".gw.example.org": false,
		"203.0.113.9": true, "evil.example": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
		"": false, "[::1": false, "[::1]x": false,
	} {
		if got := h.allows(host, false); got != want {
			t.Errorf("%q: %t", host, got)
		}
	}
	if !h.allows("", true) || h.allows("evil.example", true) {
		t.Error("HTTP/1.0: only an absent Host is let through")
	}
	h.listen(&net.TCPAddr{IP: net.IPv6unspecified, Port: 8080})
	for host, want := range map[string]bool{"198.51.100.7:8080": true, "[2001:db8::1]:8080": true, "evil.example": false} {
		if got := h.allows(host, false); got != want {
			t.Errorf("listening on all addresses, %q: %t", host, got)
		}
	}
	if any, _ := newHostCheck([]string{"*"}); !any.allows("evil.example", false) {
		t.Error("* takes any name")
	}
	if _, err := newHostCheck([]string{"["}); err == nil {
		t.Error("[ is not a host name")
	}
}

// Equal files of v2 torrents share a validator; v1 files have one each.
func TestFileETag(t *testing.T) {
	b := newFakeBackend()
	files := map[string][]byte{"a": random(1, 40000), "b": random(2, 10), "copy of a": random(1, 40000)}
	etags := func(hash metainfo.InfoHash) map[string]string {
		out := make(map[string]string)
		info := b.torrents[hash].Info
		for i := range info.Files {
			if f := &info.Files[i]; !f.Pad {
				out[info.Path(f)[0]] = fileETag(info, f)
			}
		}
		return out
	}
	v1 := etags(b.add(t, "one", metainfo.V1, files))
	v2 := etags(b.add(t, "two", metainfo.V2, files))
	hybrid := etags(b.add(t, "three", metainfo.Hybrid, files))
	if v1["a"] == v1["copy of a"] || v1["a"] == v1["b"] {
		t.Errorf("v1: %v", v1)
	}
	if v2["a"] != v2["copy of a"] || v2["a"] == v2["b"] || hybrid["a"] != v2["a"] {
		t.Errorf("v2: %v, hybrid: %v", v2, hybrid)
	}
	for _, etag := range []string{v1["a"], v2["a"]} {
		if !httprange.StrongMatch([]string{etag}, etag) {
			t.Errorf("%s is not an entity tag", etag)
		}
	}
}
