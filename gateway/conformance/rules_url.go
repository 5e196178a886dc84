package conformance

import (
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/btgw/btgw/metainfo"
)

// redirects sends a GET and expects a redirect to a path of the gateway.
func redirects(status int, path, location func(*probe) string) func(*probe) error {
	return func(p *probe) error {
		a, err := p.get(path(p))
		return first(err, func() error { return a.wants(status, "Location", location(p)) })
	}
}

// refuses sends a GET and expects a status.
func refuses(status int, path func(*probe) string) func(*probe) error {
	return func(p *probe) error {
		a, err := p.get(path(p))
		return first(err, func() error { return a.wants(status) })
	}
}

func fixed(s string) func(*probe) string { return func(*probe) string { return s } }

// below is a path after the torrent's.
func below(s string) func(*probe) string { return func(p *probe) string { return p.hash + s } }

// sum is a digest that no torrent has.
var sum = strings.Repeat("ab", 20)

// nobody is the infohash of that digest.
var nobody, _ = metainfo.ParseInfoHash(sum)

func urlRules() []Rule {
	const section = "http.md URLs"
	v2 := strings.Repeat("ab", 32)
	b32 := base32.StdEncoding.WithPadding(base32.NoPadding)
	digest := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	v2Canonical := strings.ToLower(b32.EncodeToString(digest(v2)))
	var peers strings.Builder
	for port := range 65 {
		fmt.Fprintf(&peers, "&x.pe=192.0.2.1:%d", port+1)
	}
	return []Rule{
		{ID: "url-upper", Source: section, What: "an infohash in upper case: 301, path and query as they came", needs: anything,
			check: redirects(301, fixed("/btih/"+strings.ToUpper(sum)+"/a%20b/c?x=%20y&z"), fixed("/btih/"+sum+"/a%20b/c?x=%20y&z"))},
		{ID: "url-base32", Source: section, What: "a v1 infohash in base32: 301 to hexadecimal", needs: anything,
			check: redirects(301, fixed("/btih/"+b32.EncodeToString(digest(sum))+"/a"), fixed("/btih/"+sum+"/a"))},
		{ID: "url-v2-multihash", Source: section, What: "a v2 multihash in hexadecimal: 301 to base32", needs: anything,
			check: redirects(301, fixed("/btmh/1220"+v2+"/a"), fixed("/btmh/"+v2Canonical+"/a"))},
		{ID: "url-v2-hex", Source: section, What: "so is a v2 digest in hexadecimal", needs: anything,
			check: redirects(301, fixed("/btmh/"+v2+"/a"), fixed("/btmh/"+v2Canonical+"/a"))},
		{ID: "url-bare", Source: section, What: "the bare infohash: the file of a single-file torrent with Content-Location, else 301", check: func(p *probe) error {
			a, err := p.get(p.hash)
			if err != nil {
				return err
			}
			if p.singleFile() {
				return a.wants(200, "Content-Location", p.file)
			}
			return a.wants(301, "Location", p.hash+"/")
		}},
		{ID: "url-directory", Source: "http.md directories", What: "a directory without its slash: 301, the raw query kept", needs: directory, check: func(p *probe) error {
			a, err := p.get(strings.TrimSuffix(p.dir, "/") + "?dn=a%20b&x=+")
			return first(err, func() error { return a.wants(301, "Location", p.dir+"?dn=a%20b&x=+") })
		}},
		{ID: "url-odd-name", Source: section, What: "a name that needs escapes has its URL", needs: oddFile, check: refuses(200, func(p *probe) string { return p.odd })},
		{ID: "url-odd-name-plus", Source: section, What: "+ in a path is a plus and no space", needs: oddFile, check: func(p *probe) error {
			if !strings.Contains(p.odd, "%20") {
				return nil
			}
			return refuses(404, func(p *probe) string { return strings.ReplaceAll(p.odd, "%20", "+") })(p)
		}},
		{ID: "url-lower-escapes", Source: "RFC 3986 2.1", What: "escapes in lower case are the same", needs: oddFile, check: refuses(200, func(p *probe) string {
			out := []byte(p.odd)
			for i := 0; i+2 < len(out); i++ {
				if out[i] == '%' {
					copy(out[i+1:i+3], strings.ToLower(string(out[i+1:i+3])))
				}
			}
			return string(out)
		})},
		{ID: "url-hash-bad", Source: section, What: "what is no infohash is 400", needs: anything, check: refuses(400, fixed("/btih/nonsense/x"))},
		{ID: "url-hash-short", Source: section, What: "39 digits are 400", needs: anything, check: refuses(400, fixed("/btih/"+sum[1:]+"/x"))},
		{ID: "url-hash-v2-bad", Source: section, What: "a multihash of another function is 400", needs: anything, check: refuses(400, fixed("/btmh/1114"+sum+"/x"))},
		{ID: "url-hash-crossed", Source: section, What: "a v2 infohash under /btih/ is 400", needs: anything, check: refuses(400, fixed("/btih/"+v2+"/x"))},
		{ID: "url-escape-bad", Source: "RFC 3986 2.1", What: "a % without two digits is 400", check: refuses(400, below("/100%zz"))},
		{ID: "url-missing", Source: "RFC 9110 15.5.5", What: "a path that does not exist is 404", check: refuses(404, below("/no/such/file"))},
		{ID: "url-dotdot", Source: section, What: "a path that leads out of the torrent by .. is 404", check: refuses(404, below("/%2e%2e/%2e%2e/etc/passwd"))},
		{ID: "url-dotdot-within", Source: "RFC 3986 5.2.4", What: "a path that leads up within the torrent, escaped or not: 301 to where it leads", check: redirects(301, func(p *probe) string {
			return p.hash + "/a/../b/%2e%2E/" + strings.TrimPrefix(p.file, p.hash+"/") + "?dn=a/../b"
		}, func(p *probe) string { return p.file + "?dn=a/../b" })},
		{ID: "url-slash-escaped", Source: section, What: "an escaped slash separates nothing", check: func(p *probe) error {
			path := p.hash + "/" + strings.ReplaceAll(strings.TrimPrefix(p.file, p.hash+"/"), "/", "%2F") + "%2F"
			return refuses(404, fixed(path))(p)
		}},
		{ID: "url-empty-segment", Source: section, What: "empty segments: 301 to the path without them, the raw query kept", check: redirects(301, func(p *probe) string {
			return p.hash + "//" + strings.ReplaceAll(strings.TrimPrefix(p.file, p.hash+"/"), "/", "//") + "?dn=a//b"
		}, func(p *probe) string { return p.file + "?dn=a//b" })},
		{ID: "url-dot-segment", Source: section, What: "segments of one dot: 301 to the path without them", check: redirects(301, func(p *probe) string {
			return p.hash + "/./" + strings.ReplaceAll(strings.TrimPrefix(p.file, p.hash+"/"), "/", "/./")
		}, func(p *probe) string { return p.file })},
		{ID: "url-dot-escaped", Source: section, What: "so is a dot that is escaped", check: redirects(301, func(p *probe) string {
			return p.hash + "/%2e/" + strings.TrimPrefix(p.file, p.hash+"/")
		}, func(p *probe) string { return p.file })},
		{ID: "url-dot-last", Source: section, What: "a dot at the end of a directory's path: 301 to the directory", needs: directory, check: redirects(301,
			func(p *probe) string { return p.dir + "." }, func(p *probe) string { return p.dir })},
		{ID: "url-empty-first", Source: section, What: "an empty segment before /btih/: 301 to the path without it", check: redirects(301,
			func(p *probe) string { return "/" + p.file }, func(p *probe) string { return p.file })},
		{ID: "url-file-slash", Source: "http.md directories", What: "a file with a slash is 404", check: refuses(404, func(p *probe) string { return p.file + "/" })},
		{ID: "url-nul", Source: section, What: "NUL in a path is 404", check: refuses(404, below("/a%00b"))},
		{ID: "url-format-unknown", Source: section, What: "an unknown ?format= is 400", check: refuses(400, below("/?format=xyz"))},
		{ID: "hint-peer-bad", Source: section, What: "a peer that is no host:port is left out", check: refuses(200, func(p *probe) string { return p.file + "?x.pe=nonsense" })},
		{ID: "hint-peer-nobody", Source: section, What: "so is an address that no peer can have", check: refuses(200, func(p *probe) string { return p.file + "?x.pe=224.0.0.1:6881" })},
		{ID: "hint-tracker-bad", Source: section, What: "so is a tracker that is no URL", check: refuses(200, func(p *probe) string { return p.file + "?tr=nonsense" })},
		{ID: "hint-many", Source: section, What: "so is the 65th peer", check: refuses(200, func(p *probe) string { return p.file + "?dn=x" + peers.String() })},
		{ID: "hint-escape-bad", Source: section, What: "so is a bad escape in a hint", check: refuses(200, func(p *probe) string { return p.file + "?tr=%zz" })},
		{ID: "hint-selection-bad", Source: section, What: "so is a selection of files that is none", check: refuses(200, func(p *probe) string { return p.file + "?so=4-2" })},
		{ID: "hint-unknown", Source: section, What: "other parameters are left alone", check: refuses(200, func(p *probe) string { return p.file + "?utm_source=x&v=2" })},
		{ID: "magnet-xt", Source: section, What: "/magnet?xt=: 302 to the canonical URL", needs: anything,
			check: redirects(302, fixed("/magnet?xt=urn:btih:"+strings.ToUpper(sum)), fixed("/btih/"+sum+"/"))},
		{ID: "magnet-uri", Source: section, What: "/magnet?uri=: the link's hints are carried along", needs: anything, check: func(p *probe) error {
			a, err := p.get("/magnet?uri=magnet%3A%3Fxt%3Durn%3Abtih%3A" + sum + "%26tr%3Dhttp%253A%252F%252Ftracker.example%252Fannounce")
			return first(err, func() error {
				location := a.get("Location")
				if a.status != 302 || !strings.HasPrefix(location, "/btih/"+sum+"/?") || !strings.Contains(location, "tr=http") || !strings.Contains(location, "tracker.example") {
					return fmt.Errorf("status %d, Location %q", a.status, location)
				}
				return nil
			})
		}},
		{ID: "magnet-v2", Source: section, What: "a v2 magnet link leads to /btmh/", needs: anything,
			check: redirects(302, fixed("/magnet?xt=urn:btmh:1220"+v2), fixed("/btmh/"+v2Canonical+"/"))},
		{ID: "magnet-pasted", Source: section, What: "a link is read as it was pasted: entities, no escapes, a name with #", needs: anything, check: redirects(302,
			fixed("/magnet?uri=%3Cmagnet%3A%2F%2F%3Fxt%3Durn%3Abtih%3A"+strings.ToUpper(sum)+"%26amp%3Bdn%3DA+%231+(x)%26amp%3Btr%3Dhttp%3A%2F%2Ftracker.example%2Fannounce%3E"),
			fixed("/btih/"+sum+"/?dn=A%20%231%20%28x%29&tr=http%3A%2F%2Ftracker.example%2Fannounce"))},
		{ID: "magnet-hint-bad", Source: section, What: "a hint that is of no use is left out, and the rest carried along", needs: anything, check: redirects(302,
			fixed("/magnet?xt=urn:btih:"+sum+"&x.pe=nonsense&tr=udp://tracker.example&so=0-&dn=a"), fixed("/btih/"+sum+"/?dn=a"))},
		{ID: "magnet-hints", Source: section, What: "hints of every kind are carried along", needs: anything, check: redirects(302,
			fixed("/magnet?xt=urn:btih:"+sum+"&as=http://a.example/t&xs=http://x.example/t&ws=http://s.example/&so=1,3-4&xl=5&x.pe=peer.example:1"),
			fixed("/btih/"+sum+"/?xl=5&ws=http%3A%2F%2Fs.example%2F&xs=http%3A%2F%2Fx.example%2Ft&as=http%3A%2F%2Fa.example%2Ft&x.pe=peer.example:1&so=1,3-4"))},
		{ID: "magnet-bad", Source: section, What: "what is no magnet link is 400", needs: anything, check: refuses(400, fixed("/magnet?uri=http%3A%2F%2Fexample.org"))},
		{ID: "magnet-none", Source: section, What: "no link is 400", needs: anything, check: refuses(400, fixed("/magnet"))},
	}
}
