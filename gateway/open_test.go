package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// putIn sends a form as the box of a page does.
func (g *gatewayTest) putIn(t *testing.T, field, name string, content []byte, lines ...string) *answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	var err error
	if name == "" {
		err = form.WriteField(field, string(content))
	} else if part, err2 := form.CreateFormFile(field, name); err2 == nil {
		_, err = part.Write(content)
	}
	if err = errors.Join(err, form.Close()); err != nil {
		t.Fatal(err)
	}
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %d\r\n", openPath, g.addr, form.FormDataContentType(), body.Len())
	for _, line := range lines {
		head += line + "\r\n"
	}
	return parseAnswer(t, []byte(g.rawText(t, head+"\r\n"+body.String())), false)
}

const ownPage = "Sec-Fetch-Site: same-origin"

// The box takes anything that names a torrent, and sends to its page.
func TestOpen(t *testing.T) {
	t.Parallel()
	torrent := oneTorrent(t)
	g := serve(t, func(cfg *Config) {
		cfg.Uploads, cfg.CheckAddr = true, noPrivate
		cfg.Document = func(_ context.Context, url string, _ netip.Prefix, _ int64) ([]byte, error) {
			switch strings.TrimPrefix(url, "https://site.example/") {
			case "a.torrent":
				return torrent.Encode(), nil
			case "magnet": // as a redirect or as text
				return []byte("magnet:?xt=urn:btih:" + strings.Repeat("ab", 20) + "&amp;dn=a&amp;x.pe=10.0.0.1:1&amp;tr=http://t.example/x\n"), nil
			case "page":
				return []byte("<!DOCTYPE html>"), nil
			case "words":
				return []byte("Log in first."), nil
			case "badmagnet":
				return []byte("magnet:?xt=urn:btih:abc"), nil
			}
			return nil, errors.New("not found")
		}
	})
	sum := strings.Repeat("ab", 20)
	own := torrent.Info.ID().Path()
	for text, want := range map[string]string{
		sum:                  "/btih/" + sum + "/?view=1",
		strings.ToUpper(sum): "/btih/" + sum + "/?view=1",
		"magnet:?xt=urn:btih:" + sum + "&dn=a&tr=http://t.example/x":        "/btih/" + sum + "/?view=1&tr=http%3A%2F%2Ft.example%2Fx&dn=a",
		"http://other.example:8080/btih/" + sum + "/name/file.mkv?x.pe=a:1": "/btih/" + sum + "/name/file.mkv?view=1&x.pe=a:1",
		"/btih/" + sum:                   "/btih/" + sum + "/?view=1",
		"https://site.example/a.torrent": own + "/?view=1",
		"https://site.example/magnet":    "/btih/" + sum + "/?view=1&tr=http%3A%2F%2Ft.example%2Fx&dn=a",
	} {
		a := g.putIn(t, "uri", "", []byte(text), ownPage)
		if a.status != http.StatusSeeOther || !sameLocation(a.get("Location"), want) {
			t.Errorf("%s: %d to %s", text, a.status, a.get("Location"))
		}
	}
	if a := g.putIn(t, "torrent", "x.torrent", torrent.Encode(), ownPage); a.status != http.StatusSeeOther || a.get("Location") != own+"/?view=1" {
		t.Errorf("a .torrent: %d to %s", a.status, a.get("Location"))
	}
	for text, status := range map[string]int{
		"": 400, "x": 400, "https://site.example/none": 502, "https://site.example/page": 422, "https://site.example/words": 422, "https://site.example/badmagnet": 422, "ftp://site.example/a": 400, strings.Repeat("a", maxMagnetBytes+1): 400,
	} {
		if a := g.putIn(t, "uri", "", []byte(text), ownPage); a.status != status {
			t.Errorf("%.30q: %d, not %d", text, a.status, status)
		}
	}
	if a := g.putIn(t, "torrent", "x.torrent", []byte("d4:infoe"), ownPage); a.status != http.StatusUnprocessableEntity {
		t.Errorf("no .torrent: %d", a.status)
	}
	if a := g.putIn(t, "torrent", "x.torrent", make([]byte, MaxTorrentUpload+1), ownPage); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too much: %d", a.status)
	}
	if a := g.get(t, openPath); a.status != http.StatusMethodNotAllowed || a.get("Allow") != "POST" {
		t.Errorf("GET: %d, %q", a.status, a.get("Allow"))
	}
}

// sameLocation compares locations whose parameters may be in another order.
func sameLocation(a, b string) bool {
	split := func(s string) (string, map[string]bool) {
		path, query, _ := strings.Cut(s, "?")
		set := make(map[string]bool)
		for pair := range strings.SplitSeq(query, "&") {
			set[pair] = true
		}
		return path, set
	}
	pathA, setA := split(a)
	pathB, setB := split(b)
	for pair := range setB {
		if !setA[pair] {
			return false
		}
	}
	return pathA == pathB && len(setA) == len(setB)
}

func oneTorrent(t *testing.T) *metainfo.Torrent {
	t.Helper()
	b := newFakeBackend()
	hash := b.add(t, "one", metainfo.V1, map[string][]byte{"": random(3, 100)})
	return b.torrents[hash].Torrent
}

// A page of another site cannot have anything opened, nor can what hides where it comes from.
func TestOpenOtherSite(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) { cfg.Uploads = true })
	torrent := oneTorrent(t)
	for _, line := range []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site", "Origin: http://evil.example", "Origin: null", "X-Nothing: here"} {
		a := g.putIn(t, "torrent", "x.torrent", torrent.Encode(), line)
		if program := line == "X-Nothing: here"; a.status != http.StatusForbidden || strings.Contains(string(a.body), "/api/v1/torrents") != program {
			t.Errorf("%s: %d %s", line, a.status, a.body)
		}
	}
	if _, known := g.backend.Known(torrent.Info.ID()); known {
		t.Error("it was taken")
	}
	if a := g.putIn(t, "torrent", "x.torrent", torrent.Encode(), "Origin: http://"+g.addr); a.status != http.StatusSeeOther {
		t.Errorf("a page of its own, from a browser without Sec-Fetch-Site: %d", a.status)
	}
}

// Where uploads are off, no .torrent is taken and no URL fetched, and all else is opened.
func TestOpenWithoutUploads(t *testing.T) {
	t.Parallel()
	g := serve(t, func(cfg *Config) {
		cfg.Document = func(context.Context, string, netip.Prefix, int64) ([]byte, error) {
			t.Error("a URL is fetched")
			return nil, nil
		}
	})
	for _, a := range []*answer{
		g.putIn(t, "torrent", "x.torrent", oneTorrent(t).Encode(), ownPage),
		g.putIn(t, "uri", "", []byte("https://site.example/a.torrent"), ownPage),
	} {
		if a.status != http.StatusForbidden {
			t.Errorf("%d", a.status)
		}
	}
	if a := g.putIn(t, "uri", "", []byte(strings.Repeat("ab", 20)), ownPage); a.status != http.StatusSeeOther {
		t.Errorf("an infohash: %d", a.status)
	}
}

// Of who may not have a .torrent taken, no more is read than a link needs: the answer comes before the rest of a form.
func TestOpenReadsLittleOfStrangers(t *testing.T) {
	t.Parallel()
	known, accounts := userFile(t, userLine("alice", "a", ""))
	for name, c := range map[string]struct {
		change func(*Config)
		status int
	}{
		"keys":        {func(cfg *Config) { cfg.Users, cfg.Accounts, cfg.Uploads = known, accounts, true }, http.StatusUnauthorized},
		"uploads off": {func(*Config) {}, http.StatusForbidden},
	} {
		g := serve(t, c.change)
		for _, field := range []string{`"torrent"; filename="x.torrent"`, `"uri"`, `"other"`} {
			start := "--x\r\nContent-Disposition: form-data; name=" + field + "\r\n\r\n"
			// One byte more than is read, so that none is left in the socket when it is closed.
			body := start + strings.Repeat("a", maxMagnetBytes+multipartSlack+1-len(start))
			head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\n%s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: %d\r\n\r\n", openPath, g.addr, ownPage, MaxTorrentUpload)
			if a := parseAnswer(t, []byte(g.rawText(t, head+body)), false); a.status != c.status {
				t.Errorf("%s, %s: %d, not %d", name, field, a.status, c.status)
			}
		}
		if a := g.putIn(t, "uri", "", []byte(strings.Repeat("ab", 20)), ownPage); a.status != http.StatusSeeOther {
			t.Errorf("%s, an infohash: %d", name, a.status)
		}
	}
}

// Where a list says what is served, a .torrent is looked for on it, and no URL is fetched: what it leads to cannot be.
func TestOpenWithAllowlist(t *testing.T) {
	t.Parallel()
	known, accounts := userFile(t, userLine("alice", "a", ""))
	listed, other := oneTorrent(t), strings.Repeat("cd", 20)
	for _, keys := range []bool{false, true} {
		g := serve(t, func(cfg *Config) {
			cfg.Uploads, cfg.Allowlist = true, allowing(t, listed.Info.ID().Path())
			cfg.Document = func(context.Context, string, netip.Prefix, int64) ([]byte, error) {
				t.Error("a URL is fetched")
				return listed.Encode(), nil
			}
			if keys {
				cfg.Users, cfg.Accounts = known, accounts
			}
		})
		const key = "Authorization: Bearer a"
		for _, url := range []string{"https://site.example/a.torrent", "http://site.example/" + other + ".torrent"} {
			if a := g.putIn(t, "uri", "", []byte(url), ownPage, key); a.status != http.StatusForbidden {
				t.Errorf("%s: %d", url, a.status)
			}
		}
		if a := g.putIn(t, "torrent", "x.torrent", listed.Encode(), ownPage, key); a.status != http.StatusSeeOther {
			t.Errorf("a .torrent that is listed: %d", a.status)
		}
		two := newFakeBackend()
		if a := g.putIn(t, "torrent", "x.torrent", two.torrents[two.add(t, "two", metainfo.V1, map[string][]byte{"": random(4, 100)})].Torrent.Encode(), ownPage, key); a.status != http.StatusForbidden {
			t.Errorf("one that is not: %d", a.status)
		}
	}
}

// What is pasted behind the host is found.
func TestPasted(t *testing.T) {
	t.Parallel()
	g := serve(t, nil)
	sum := strings.Repeat("ab", 20)
	const b32, b32Sum = "AEBAGBAFAYDQQCIKBMGA2DQPCAIREEYU", "0102030405060708090a0b0c0d0e0f1011121314"
	for path, want := range map[string]string{
		"/" + sum:                                                        "/btih/" + sum + "/",
		"/" + strings.ToUpper(sum):                                       "/btih/" + sum + "/",
		"/" + sum + "?tr=http://t.example/":                              "/btih/" + sum + "/?tr=http://t.example/",
		"/magnet:?xt=urn:btih:" + sum + "&x.pe=a:1":                      "/btih/" + sum + "/?x.pe=a:1",
		"/magnet:?xt=urn:btih:" + sum + "&dn=a/b":                        "/btih/" + sum + "/?dn=a%2Fb",
		"/magnet:%3Fxt=urn:btih:" + sum + "%26x.pe=a:1":                  "/btih/" + sum + "/?x.pe=a:1",
		"/magnet%3A%3Fxt%3Durn%3Abtih%3A" + sum + "%26dn%3Da%2520b":      "/btih/" + sum + "/?dn=a%20b",
		"/magnet%3a?xt=urn:btih:" + sum + "&tr=http://t.example/100%":    "/btih/" + sum + "/?tr=http%3A%2F%2Ft.example%2F100%2525",
		"/%20Magnet:%3FXT=URN:BTIH:" + strings.ToUpper(sum) + "%0A":      "/btih/" + sum + "/",
		"/magnet:?dn=100%&xt=urn:btih:" + sum:                            "/btih/" + sum + "/?dn=100%25",
		"/magnet:?xt=urn:sha1:ABC&xt=urn:btih:%20" + sum + "%20&xl=5":    "/btih/" + sum + "/?xl=5",
		"/magnet:?xt.1=urn:sha1:" + b32 + "&xt.2=urn:btih:" + b32:        "/btih/" + b32Sum + "/",
		"/magnet:?xt=urn:btih:" + strings.ToLower(b32):                   "/btih/" + b32Sum + "/",
		"/magnet:?xt=urn:btih:" + sum + "&tr=%20http://t.example/%0D%0A": "/btih/" + sum + "/?tr=http%3A%2F%2Ft.example%2F",
		"/urn:btih:" + sum + "?x.pe=a:1":                                 "/btih/" + sum + "/?x.pe=a:1",
		"/btih:" + strings.ToUpper(sum):                                  "/btih/" + sum + "/",
		"/%20" + sum + "%20":                                             "/btih/" + sum + "/",
		"/" + strings.ToUpper(sum) + ".torrent":                          "/btih/" + sum + "/?format=torrent",
		"/" + sum + ".TORRENT?x.pe=a:1":                                  "/btih/" + sum + "/?format=torrent&x.pe=a:1",
		"/btih/" + sum + ".torrent":                                      "/btih/" + sum + "/?format=torrent",
		"/btih/" + b32 + ".torrent?tr=http://t.example/":                 "/btih/" + b32Sum + "/?format=torrent&tr=http://t.example/",
		"/btmh/1220" + sum + sum[:24] + ".torrent":                       "/btmh/vov2xk5lvov2xk5lvov2xk5lvov2xk5lvov2xk5lvov2xk5lvovq/?format=torrent",
	} {
		if a := g.get(t, path); a.status != http.StatusFound || a.get("Location") != want {
			t.Errorf("%s: %d to %q", path, a.status, a.get("Location"))
		}
	}
	for path, status := range map[string]int{"/magnet:?xt=x": 400, "/abc": 404, "/" + sum + "/x": 404, "/abc.torrent": 404, "/btih/abc.torrent": 400, "/urn:btih:abc": 400, "/%20": 404} {
		if a := g.get(t, path); a.status != status {
			t.Errorf("%s: %d", path, a.status)
		}
	}
}
