package metainfo

import (
	"iter"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/btgw/btgw/metainfo/bencode"
)

func (t *Torrent) loadHints(d *torrentDict) {
	t.Trackers = readTrackers(d)
	t.WebSeeds = readWebSeeds(d.urlList)
	t.Nodes = readNodes(d.nodes)
	t.Comment = hintText(d.comment, d.commentUTF8)
	t.CreatedBy = hintText(d.createdBy, nil)
	if n := readNumber(parsed(d.creationDate)); n > 0 && n <= maxDate {
		t.CreationDate = n
	}
}

// readTrackers returns the URLs of announce-list, or of announce where the list is
// empty (BEP 12). A URL counts once.
func readTrackers(d *torrentDict) [][]string {
	var tiers [][]string
	seen := map[string]bool{}
	add := func(urls iter.Seq[string]) {
		var tier []string
		for u := range urls {
			if s, ok := trackerURL(u); ok && !seen[s] && len(seen) < MaxTrackers {
				seen[s] = true
				tier = append(tier, s)
			}
		}
		if len(tier) > 0 {
			tiers = append(tiers, tier)
		}
	}
	list := parsed(d.announceList)
	for tier := range list.List() { // a URL in a tier's place is a tier
		if add(urlsIn(tier)); len(seen) == MaxTrackers {
			break
		}
	}
	for _, raw := range [][]byte{d.announce, d.announceList} {
		if len(tiers) == 0 {
			add(urlsIn(parsed(raw)))
		}
	}
	return tiers
}

// readWebSeeds reads a list of URLs, or one URL alone (BEP 19 allows both).
func readWebSeeds(raw []byte) (urls []string) {
	for u := range urlsIn(parsed(raw)) {
		if s, ok := webSeedURL(u); ok && len(urls) < MaxWebSeeds && !slices.Contains(urls, s) {
			urls = append(urls, s)
		}
	}
	return urls
}

// urlsIn yields the URLs of a string, which may hold several, or of a list and the
// lists in it.
func urlsIn(v bencode.Value) iter.Seq[string] {
	return func(yield func(string) bool) { visitURLs(v, maxURLLists, yield) }
}

func visitURLs(v bencode.Value, depth int, yield func(string) bool) bool {
	if v.Kind() == bencode.String {
		for i, u := range splitURLs(v.Text()) {
			if i == maxURLsInOne || !yield(u) {
				return i == maxURLsInOne
			}
		}
		return true
	}
	for e := range v.List() {
		if depth > 0 && !visitURLs(e, depth-1, yield) {
			return false
		}
	}
	return true
}

// readNodes reads DHT nodes: pairs of host and port (BEP 5), or either written in
// another way.
func readNodes(raw []byte) []string {
	var nodes []string
	for e := range parsed(raw).List() {
		if node, ok := readNode(e); ok && len(nodes) < MaxNodes {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// readNode reads "host:port", a dictionary of host and port, or a list with both. In a
// list either may be first, the port may be text, and other elements may follow.
func readNode(v bencode.Value) (string, bool) {
	switch v.Kind() {
	case bencode.String:
		return ParsePeer(v.Text())
	case bencode.Dict:
		host := v.Get("host")
		if host.Kind() == bencode.None {
			host = v.Get("ip")
		}
		return hostPort(host.Text(), strconv.FormatInt(readNumber(v.Get("port")), 10))
	}
	host, port := "", int64(0)
	for e := range v.List() {
		if host == "" && e.Kind() == bencode.String {
			host = e.Text()
		} else if port == 0 {
			port = readNumber(e)
		}
	}
	return hostPort(host, strconv.FormatInt(port, 10))
}

// readNumber reads an integer, or an integer written as text; 0 where there is none.
func readNumber(v bencode.Value) int64 {
	if n, ok := v.Int(); ok {
		return n
	}
	n, _ := strconv.ParseInt(strings.TrimSpace(v.Text()), 10, 64)
	return n
}

// parsed makes a Value of an encoding whose syntax was checked. Without an encoding the
// Value is absent.
func parsed(raw []byte) bencode.Value {
	v, _, _ := bencode.ParsePrefixLax(raw)
	return v
}

func hintText(raw, utf8Raw []byte) string {
	for _, r := range [][]byte{utf8Raw, raw} {
		if b, ok := stringValue(r); ok && len(b) > 0 && len(b) <= MaxTextLen {
			return strings.ToValidUTF8(string(b), string(utf8.RuneError))
		}
	}
	return ""
}

// trackerURL checks a tracker's URL and returns it trimmed. WebSocket trackers are
// kept: btgw does not use them, but clients that get the torrent from us do.
func trackerURL(s string) (string, bool) {
	return checkURL(s, "http", "https", "udp", "ws", "wss")
}

func webSeedURL(s string) (string, bool) { return checkURL(s, "http", "https") }

// checkURL accepts an absolute URL with a host and one of some schemes, as people and
// programs write it, and returns it in its proper form.
func checkURL(s string, schemes ...string) (string, bool) {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || unicode.IsSpace(r) })
	if s == "" || len(s) > MaxURLLen {
		return "", false
	}
	if slices.Contains(schemes, "udp") && !strings.Contains(s, "://") {
		s = withScheme(s)
	}
	scheme, rest, _ := strings.Cut(s, "://")
	s = strings.ToLower(scheme) + "://" + strings.ReplaceAll(rest, " ", "%20") // as other clients do
	u, err := url.Parse(s)
	if err != nil {
		s = escapeStrayPercent(s)
		u, err = url.Parse(s)
	}
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	if host, ok := asciiHost(u.Hostname()); !ok {
		return "", false
	} else if host != u.Hostname() {
		u.Host = strings.Replace(u.Host, u.Hostname(), host, 1)
		s = u.String()
	}
	return s, slices.Contains(schemes, u.Scheme)
}

// withScheme puts a scheme before a tracker that has none. Port 80 and no port mean HTTP, 443 means HTTPS, and any other
// port UDP. Text without a host and a port, or the path of a tracker, stays as it is.
func withScheme(s string) string {
	s = strings.TrimPrefix(s, "//")
	u, err := url.Parse("udp://" + s)
	if err != nil || !strings.ContainsAny(u.Hostname(), ".:") || u.Port() == "" && !strings.HasPrefix(u.Path, "/announce") {
		return s
	}
	switch u.Port() {
	case "", "80":
		return "http://" + s
	case "443":
		return "https://" + s
	}
	return "udp://" + s
}

// asciiHost returns the ASCII form of a host name, in which it is looked up (RFC 5891).
func asciiHost(host string) (string, bool) {
	for i := range len(host) {
		if host[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			return ascii, err == nil && ascii != "" && utf8.ValidString(host)
		}
	}
	return host, true
}

// escapeStrayPercent escapes the percent signs of a URL's path that two hexadecimal
// digits do not follow.
func escapeStrayPercent(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	path := strings.IndexByte(rest, '/')
	if path < 0 {
		return s
	}
	path += len(s) - len(rest)
	var b strings.Builder
	b.WriteString(s[:path])
	for i := path; i < len(s); i++ {
		if s[i] == '?' {
			return b.String() + s[i:]
		}
		b.WriteByte(s[i])
		if s[i] == '%' && (i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0) {
			b.WriteString("25")
		}
	}
	return b.String()
}

// hostPort checks a host, which may be a name, and a port, and joins them.
func hostPort(host, port string) (string, bool) {
	const maxHost = 253 // RFC 1035 section 2.3.4, as text
	n, err := strconv.ParseUint(port, 10, 16)
	host, ok := asciiHost(host)
	if err != nil || !ok || n == 0 || host == "" || len(host) > maxHost {
		return "", false
	}
	for _, c := range []byte(host) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`/?#@[]\"<>`, c) >= 0 {
			return "", false
		}
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), true
}
