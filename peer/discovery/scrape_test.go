package discovery

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// The examples of the convention that BEP 48 writes down.
func TestScrapeURL(t *testing.T) {
	for announce, want := range map[string]string{
		"http://example.com/announce":          "http://example.com/scrape",
		"http://example.com/x/announce":        "http://example.com/x/scrape",
		"http://example.com/announce.php":      "http://example.com/scrape.php",
		"http://example.com/announce?x2%0644":  "http://example.com/scrape?x2%0644",
		"http://example.com/a":                 "",
		"http://example.com/announce?x=2/4":    "http://example.com/scrape?x=2/4",
		"http://example.com/x%064announce":     "",
		"http://example.com":                   "",
		"http://example.com/announce/0123456":  "",
		"http://example.com/0123456/announce/": "",
	} {
		u, err := url.Parse(announce)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if s, ok := scrapeURL(u); ok {
			got = s.String()
		}
		if got != want {
			t.Errorf("%s is scraped at %q, want %q", announce, got, want)
		}
	}
}

// A tracker that does not count in its answer is scraped.
func TestScrape(t *testing.T) {
	var hash [20]byte
	copy(hash[:], "infohashinfohash1234")
	mux := http.NewServeMux()
	mux.HandleFunc("/announce", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "d8:intervali1800e5:peers6:\x7f\x00\x00\x01\x1a\xe1e")
	})
	mux.HandleFunc("/scrape", func(w http.ResponseWriter, r *http.Request) {
		if got := r.URL.Query().Get("info_hash"); got != string(hash[:]) || r.URL.Query().Get("key") != "abcdefgh" {
			t.Errorf("scrape of %q", r.URL)
		}
		fmt.Fprintf(w, "d5:filesd20:%sd8:completei11e10:downloadedi5e10:incompletei7eeee", hash)
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	shared := NewAnnouncer(netguard.New(netguard.Policy{AllowPrivate: true}), contact.NewGate())
	defer shared.Close()
	tr := New(Config{
		Announcer: shared, InfoHash: hash, Port: at(0), Tiers: [][]string{{srv.URL + "/announce?key=abcdefgh"}},
		Progress: func() (int64, int64, int64) { return 0, 0, 0 }, Found: func(_ []netip.AddrPort, _ []netip.Prefix) {},
	})
	defer tr.Close(t.Context())
	tr.Start()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if s := tr.Status()[0]; s.Seeders == 11 && s.Leechers == 7 {
			return
		} else if time.Now().After(end) {
			t.Fatalf("%+v", s)
		}
	}
}

func TestParseScrape(t *testing.T) {
	var hash [20]byte
	copy(hash[:], "infohashinfohash1234")
	for in, want := range map[string][2]int{
		"d5:filesd20:infohashinfohash1234d8:completei1e10:incompletei2eeee":    {1, 2},
		"d5:filesd20:infohashinfohash1234d10:incompletei2e8:completei1eeee":    {1, 2},
		"d5:filesd20:another hash 1234567d8:completei1e10:incompletei2eeee":    {-1, -1},
		"d5:filesd20:infohashinfohash1234d8:completei-1e10:incomplete3:twoeee": {-1, -1},
		"d5:filesi5ee":                       {-1, -1},
		"d14:failure reason4:nonee":          {-1, -1},
		"<html>":                             {-1, -1},
		"d5:filesd20:infohashinfohash1234d8": {-1, -1},
		"":                                   {-1, -1},
	} {
		s, l, err := parseScrape([]byte(in), hash)
		if s != want[0] || l != want[1] || strings.HasPrefix(in, "<") && err == nil {
			t.Errorf("%q is %d, %d, %v", in, s, l, err)
		}
	}
}

func FuzzScrape(f *testing.F) {
	f.Add([]byte("d5:filesd20:infohashinfohash1234d8:completei1e10:incompletei2eeee"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, l, err := parseScrape(b, [20]byte([]byte("infohashinfohash1234")))
		if s < -1 || l < -1 || err != nil && (s != -1 || l != -1) {
			t.Errorf("%d, %d, %v", s, l, err)
		}
	})
}
