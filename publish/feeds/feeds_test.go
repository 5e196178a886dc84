package feeds

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

const (
	hash   = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a"
	magnet = "magnet:?xt=urn:btih:" + hash + "&amp;tr=http%3A%2F%2Ft.example%2Fa"
)

// Feeds as they are written are read: a btgw's, the example of BEP 36, and those of indexers.
func TestParse(t *testing.T) {
	base, _ := url.Parse("http://feed.example/x/feed?a=b")
	link := strings.ReplaceAll(magnet, "&amp;", "&")
	for name, c := range map[string]struct {
		text string
		want []Entry
	}{
		"btgw": {`<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:torrent="http://xmlns.ezrss.it/0.1/"><id>x</id><title>y</title>
<entry><id>urn:btih:` + hash + `</id><title>a &lt;b&gt;</title><link rel="alternate" href="http://feed.example/btih/x/"/>
<link rel="enclosure" type="application/x-bittorrent" href="/btih/x/?format=torrent"/>
<torrent:torrent><torrent:fileName>a</torrent:fileName><torrent:contentLength>7</torrent:contentLength><torrent:infoHash>` + hash + `</torrent:infoHash><torrent:magnetURI>` + magnet + `</torrent:magnetURI></torrent:torrent></entry></feed>`,
			[]Entry{{Title: "a <b>", Length: 7, Magnet: link, URL: "http://feed.example/btih/x/?format=torrent"}}},
		"RSS": {`<rss version="2.0"><channel><title>t</title><link>http://feed.example/</link>
<item><title>one</title><link>http://feed.example/details/1</link><enclosure url="http://feed.example/1.torrent" length="5" type="application/x-bittorrent"/>
<torrent xmlns="http://xmlns.ezrss.it/0.1/"><infoHash>` + strings.ToUpper(hash) + `</infoHash><contentLength>9</contentLength></torrent></item>
<item><title>one again</title><torrent xmlns="http://xmlns.ezrss.it/0.1/"><infoHash>` + hash + `</infoHash></torrent></item>
<item><title>nothing</title><link>http://feed.example/details/2</link></item></channel></rss>`,
			[]Entry{{Title: "one", Length: 9, URL: "http://feed.example/1.torrent"}}},
		"fields beside the title": {`<rss xmlns:torrent="http://xmlns.ezrss.it/0.1/"><channel><item><title>one</title><torrent:infoHash> ` + hash + ` </torrent:infoHash><torrent:magnetURI><![CDATA[` + link + `]]></torrent:magnetURI></item></channel></rss>`,
			[]Entry{{Title: "one", Magnet: link}}},
		"names as BEP 36 spells them": {`<rss version="2.0"><channel><item><title> a </title><torrent><filename> a </filename><contentlength> 28571661 </contentlength>
<magneturi> ` + magnet + ` </magneturi><infohash>` + hash + `</infohash></torrent></item></channel></rss>`,
			[]Entry{{Title: "a", Length: 28571661, Magnet: link}}},
		"BEP 36's example": {`<rss version="2.0"><channel><title> Featured content </title><item><title> a </title><guid> ` + hash + ` </guid>
<enclosure url="http://feed.example/a.torrent" type="application/x-bittorrent" /></item></channel></rss>`, []Entry{{Title: "a", URL: "http://feed.example/a.torrent"}}},
		"other places of BEP 36": {`<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<item><title>a</title><guid>` + hash + `</guid><media:content url="http://feed.example/a.torrent" fileSize="12216320"/></item>
<item><title>no torrent</title><guid>http://feed.example/b</guid><media:content url="http://feed.example/b.jpg"/></item></channel></rss>`, []Entry{{Title: "a", URL: "http://feed.example/a.torrent"}}},
		"a GUID that is a link": {`<rss><channel><item><title>a</title><guid>` + magnet + `</guid></item></channel></rss>`, []Entry{{Title: "a", Magnet: link}}},
		"a length in words":     {`<rss><channel><item><title>a</title><torrent><contentLength>12 MB</contentLength><infoHash>` + hash + `</infoHash></torrent></item></channel></rss>`, []Entry{{Title: "a"}}},
		"a magnet link":         {`<rss><channel><item><title>&eacute;</title><link>` + magnet + `</link></item></channel></rss>`, []Entry{{Title: "é", Magnet: link}}},
		"no schemes":            {`<rss><channel><item><title>x</title><enclosure url="file:///etc/passwd"/></item><item><enclosure url="javascript:x"/></item></channel></rss>`, nil},
		"none":                  {`<feed xmlns="http://www.w3.org/2005/Atom"></feed>`, nil},
	} {
		got, err := Parse([]byte(c.text), base)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		for i, want := range c.want {
			g := got[i]
			if g.Hash.String() != hash || g.Title != want.Title || g.Length != want.Length || g.Magnet != want.Magnet || g.URL != want.URL {
				t.Errorf("%s: %+v, want %+v", name, g, want)
			}
		}
	}
	for _, text := range []string{"", "<html><body>log in</body></html>", "{}", "<feed", strings.Repeat(" ", MaxLen+1)} {
		if _, err := Parse([]byte(text), base); err == nil || len(text) <= MaxLen && !errors.Is(err, ErrNoFeed) {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// Entries are bounded.
func TestBound(t *testing.T) {
	var b strings.Builder
	b.WriteString("<rss><channel>")
	for i := range MaxEntries + 5 {
		fmt.Fprintf(&b, `<item><enclosure url="http://x/%d"/></item>`, i)
	}
	b.WriteString("</channel></rss>")
	if got, err := Parse([]byte(b.String()), nil); err != nil || len(got) != MaxEntries {
		t.Error(len(got), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<rss><channel><item><title>x</title><link>` + magnet + `</link></item></channel></rss>`))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><entry><link rel="enclosure" href="/a"/></entry></feed>`))
	base, _ := url.Parse("http://x/")
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, _ := Parse(b, base)
		for _, e := range entries {
			if e.Key() == "" || e.URL != "" && !strings.HasPrefix(e.URL, "http") {
				t.Errorf("%+v", e)
			}
		}
	})
}
