package main

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/netguard"
)

// sourceTorrent is a small .torrent.
func sourceTorrent(t *testing.T) *metainfo.Torrent {
	t.Helper()
	info, err := metainfo.ParseInfo([]byte("d6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaae"))
	if err != nil {
		t.Fatal(err)
	}
	return &metainfo.Torrent{Info: info}
}

// TestIndexers reads what indexers give for the URL of a .torrent.
func TestIndexers(t *testing.T) {
	torrent := sourceTorrent(t)
	raw := torrent.Encode()
	gzipped := func(data []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	deflated := func(data []byte) []byte {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		_, _ = w.Write(data)
		_ = w.Close()
		return b.Bytes()
	}
	magnet := "magnet:?xt=urn:btih:" + torrent.Info.ID().String() + "&tr=udp://t.example:1&dn=100%"
	answer := func(kind, encoding string, body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			_, _ = w.Write(body)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/plain", answer("application/x-bittorrent", "", raw))
	mux.HandleFunc("/labelled", answer("application/x-bittorrent", "gzip", gzipped(raw)))
	mux.HandleFunc("/unlabelled", answer("application/x-bittorrent", "", gzipped(raw)))
	mux.HandleFunc("/type", answer("application/gzip", "", gzipped(raw)))
	mux.HandleFunc("/deflated", answer("application/x-bittorrent", "deflate", deflated(raw)))
	mux.HandleFunc("/deflatedunlabelled", answer("application/x-bittorrent", "", deflated(raw)))
	mux.HandleFunc("/text", answer("text/plain", "", []byte(magnet+"\n")))
	mux.HandleFunc("/packedtext", answer("text/plain", "gzip", gzipped([]byte(magnet))))
	mux.HandleFunc("/markedtext", answer("text/plain", "", []byte("\ufeff"+magnet)))
	mux.HandleFunc("/words", answer("text/plain", "", []byte("Torrent not found.")))
	mux.HandleFunc("/zip", answer("application/zip", "", []byte("PK\x03\x04...")))
	mux.HandleFunc("/page", answer("text/html", "", []byte("<!DOCTYPE html><title>Log in</title>")))
	mux.HandleFunc("/packedpage", answer("text/html", "gzip", gzipped([]byte("<html>"))))
	mux.HandleFunc("/json", answer("application/json", "", []byte(`{"error": 1}`)))
	mux.HandleFunc("/magnet302", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", magnet)
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/entities301", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", strings.ReplaceAll(magnet, "&", "&amp;"))
		w.WriteHeader(http.StatusMovedPermanently)
	})
	mux.HandleFunc("/twice", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/magnet302", http.StatusSeeOther) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	server := httptest.NewServer(mux)
	defer server.Close()
	network := netguard.New(netguard.Policy{AllowPrivate: true})

	for _, path := range []string{"/plain", "/labelled", "/unlabelled", "/type", "/deflated", "/deflatedunlabelled"} {
		src, err := parseSource(t.Context(), server.URL+path, network)
		if err != nil || src.torrent == nil || src.hash != torrent.Info.ID() {
			t.Errorf("%s: %+v %v", path, src, err)
		}
	}
	for _, path := range []string{"/magnet302", "/entities301", "/twice", "/text", "/packedtext", "/markedtext"} {
		src, err := parseSource(t.Context(), server.URL+path, network)
		if err != nil || src.magnet == nil || src.hash != torrent.Info.ID() || !slices.Equal(src.hints.Trackers, []string{"udp://t.example:1"}) || src.hints.Name != "100%" {
			t.Errorf("%s: %+v %v", path, src, err)
		}
	}
	for path, says := range map[string]string{
		"/page": "a web page in place of a .torrent", "/packedpage": "a web page in place of a .torrent", "/json": "a JSON document in place of a .torrent",
		"/words": "a text in place of a .torrent", "/zip": "an archive in place of a .torrent", "/loop": "redirects", "/gone": "410",
	} {
		if src, err := parseSource(t.Context(), server.URL+path, network); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %+v %v", path, src, err)
		}
	}
}

// TestRefusedSources: where the server of a .torrent may not be asked, the error says what permits it, if anything does.
func TestRefusedSources(t *testing.T) {
	network := netguard.New(netguard.Policy{})
	for text, permits := range map[string]bool{"http://127.0.0.1:1/x.torrent": true, "http://[fd00::1]/x.torrent": true, "http://169.254.169.254/x.torrent": false} {
		if _, err := parseSource(t.Context(), text, network); err == nil || strings.Contains(err.Error(), "--allow-private") != permits {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestPastedSources reads links as they are pasted on a command line.
func TestPastedSources(t *testing.T) {
	torrent := sourceTorrent(t)
	id := torrent.Info.ID()
	for _, text := range []string{
		"magnet:?xt=urn:btih:" + id.String() + "&tr=http://t.example/a", "<MAGNET://?xt=urn:btih:" + strings.ToUpper(id.String()) + "&amp;tr=http://t.example/a>",
		"magnet%3A%3Fxt%3Durn%3Abtih%3A" + id.String() + "%26tr%3Dhttp%253A%252F%252Ft.example%252Fa", "urn:btih:" + id.String() + "&tr=http://t.example/a",
		"http://gw.example/btih/" + id.String() + "/?tr=http%3A%2F%2Ft.example%2Fa&x.pe=nonsense",
		"https://example.org/bt/btih/" + id.String() + "/?tr=http%3A%2F%2Ft.example%2Fa",
	} {
		src, err := parseSource(context.Background(), text, nil)
		if err != nil || src.hash != id || !slices.Equal(src.hints.Trackers, []string{"http://t.example/a"}) {
			t.Errorf("%s: %+v %v", text, src, err)
		}
	}
	// Of a hybrid's link both infohashes are looked for, by whichever it is asked.
	twin := metainfo.NewV2([32]byte{1})
	for text, want := range map[string][2]metainfo.InfoHash{
		"magnet:?xt=" + twin.URN() + "&xt=" + id.URN():         {id, twin},
		"http://gw.example" + id.Path() + "/?xt=" + twin.URN(): {id, twin},
		"http://gw.example" + twin.Path() + "/?xt=" + id.URN(): {twin, id},
		"http://gw.example" + id.Path() + "/?xt=" + id.URN():   {id},
	} {
		src, err := parseSource(t.Context(), text, nil)
		if err != nil || src.hash != want[0] || src.hints.Twin != want[1] {
			t.Errorf("%s: %+v %v", text, src, err)
		}
	}
	name := filepath.Join(t.TempDir(), "magnet.torrent")
	if err := os.WriteFile(name, torrent.Encode(), 0o600); err != nil {
		t.Fatal(err)
	}
	if src, err := parseSource(t.Context(), name, nil); err != nil || src.torrent == nil {
		t.Errorf("a file called after magnets: %+v %v", src, err)
	}
	for text, says := range map[string]string{
		"nonsense": "is no infohash", "magnet:?xt=urn:btih:nonsense": "magnet.xt", "http://gw.example/btih//": `"" after /btih/ is no infohash`,
		"http://gw.example/btmh/" + id.String() + "/a": `"` + id.String() + `" after /btmh/ is no infohash`,
	} {
		if _, err := parseSource(t.Context(), text, nil); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// TestGatewaySources reads where a btgw has the .torrent and the data, of its URLs.
func TestGatewaySources(t *testing.T) {
	id := sourceTorrent(t).Info.ID()
	at := id.Path() + "/"
	for text, want := range map[string]string{
		"http://gw.example" + id.Path():                          "http://gw.example" + at,
		"http://gw.example" + at + "a%20b/c?download=1#t=10":     "http://gw.example" + at,
		"https://gw.example:8443/bt" + at + "a":                  "https://gw.example:8443/bt" + at,
		"http://me:secret@gw.example/s/e=1~k=a~s=b" + at + "a":   "http://me:secret@gw.example/s/e=1~k=a~s=b" + at,
		"HTTP://gw.example/btih/" + strings.ToUpper(id.String()): "http://gw.example" + at,
	} {
		src, err := parseSource(t.Context(), text, nil)
		if err != nil || !src.findable() || !slices.Equal(src.hints.WebSeeds, []string{want}) || !slices.Equal(src.hints.Torrents, []string{want + "?format=torrent"}) {
			t.Errorf("%s: %+v %v", text, src, err)
		}
	}
	// What a query names stays, after it.
	src, err := parseSource(t.Context(), "http://gw.example"+at+"?ws=http%3A%2F%2Fseed.example%2F", nil)
	if err != nil || !slices.Equal(src.hints.WebSeeds, []string{"http://gw.example" + at, "http://seed.example/"}) {
		t.Errorf("%+v %v", src, err)
	}
	// Another's text has no such hint.
	for _, text := range []string{id.String(), "magnet:?xt=" + id.URN()} {
		if src, err := parseSource(t.Context(), text, nil); err != nil || src.findable() {
			t.Errorf("%s: %+v %v", text, src, err)
		}
	}
}

// TestNameSources reads names that stay in each of their forms, and takes nothing else for one.
func TestNameSources(t *testing.T) {
	key := strings.Repeat("ab", 32)
	for text, want := range map[string]struct {
		salt, path, tracker string
	}{
		"magnet:?xs=urn:btpk:" + key:                                    {},
		"magnet:?xs=urn:btpk:" + key + "&s=6120622f":                    {salt: "a b/"},
		"magnet:?xs=urn:btpk:" + key + "&tr=http%3A%2F%2Ft.example%2Fa": {tracker: "http://t.example/a"},
		"urn:btpk:" + strings.ToUpper(key):                              {},
		key:                                                             {},
		key + "/n":                                                      {salt: "n"},
		"/btpk/" + key + "/a%20b/c/d%2Fe":                               {salt: "a b", path: "c|d/e"},
		"http://gw.example/btpk/" + key + "/-/c/?tr=http://t.example/a": {path: "c", tracker: "http://t.example/a"},
		"https://gw.example/btpk/" + key:                                {},
		"/btpk/" + key + "/n/./c//d/%2e%2e/e":                           {salt: "n", path: "c|e"},
	} {
		src, err := parseSource(t.Context(), text, nil)
		if err != nil || src.name == nil || src.name.KeyText() != key || src.name.Salt != want.salt || strings.Join(src.path, "|") != want.path ||
			strings.Join(src.hints.Trackers, " ") != want.tracker {
			t.Errorf("%s: %+v %v", text, src, err)
		}
	}
	for _, text := range []string{"magnet:?xs=urn:btpk:abc", "/btpk/abc/", "http://gw.example/btpk/" + key[1:] + "/x", "urn:btpk:", key[1:], key + "/" + strings.Repeat("x", 65)} {
		if src, err := parseSource(t.Context(), text, nil); err == nil {
			t.Errorf("%s: %+v", text, src)
		}
	}
	id := strings.Repeat("12", 20)
	if src, err := parseSource(t.Context(), "magnet:?xt=urn:btih:"+id+"&xs=http://x/", nil); err != nil || src.name != nil {
		t.Errorf("%+v %v", src, err)
	}
}

// TestInspectName says what a name says.
func TestInspectName(t *testing.T) {
	key := strings.Repeat("ab", 32)
	status, stdout, stderr := result(t, "inspect", "--json", "magnet:?xs=urn:btpk:"+key+"&s=6e&tr=http%3A%2F%2Ft.example%2Fa")
	for _, want := range []string{`"public_key": "` + key + `"`, `"salt": "n"`, `"path": "/btpk/` + key + `/n/"`, "http://t.example/a"} {
		if status != exitOK || !strings.Contains(stdout, want) {
			t.Errorf("status %d, no %s: %s%s", status, want, stdout, stderr)
		}
	}
}
