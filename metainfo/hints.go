package metainfo

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo/bencode"
)

func (t *Torrent) loadHints(d *torrentDict) {
	t.Trackers = readTrackers(d)
	t.WebSeeds = readWebSeeds(d.urlList)
	t.Nodes = readNodes(d.nodes)
	t.Comment = hintText(d.comment, d.commentUTF8)
	t.CreatedBy = hintText(d.createdBy, nil)
	n, err := bencode.NewScanner(d.creationDate).Int()
	if err == nil && n > 0 && n <= maxDate {
		t.CreationDate = n
	}
}

// readTrackers returns announce-list, or where that has nothing (BEP 12)
// announce alone. A URL counts once.
func readTrackers(d *torrentDict) [][]string {
	var tiers [][]string
	seen := map[string]bool{}
	for tier := range parsed(d.announceList).List() {
		var urls []string
		for u := range tier.List() {
			if s, ok := trackerURL(u.Text()); ok && !seen[s] && len(seen) < MaxTrackers {
				seen[s] = true
				urls = append(urls, s)
			}
		}
		if len(urls) > 0 {
			tiers = append(tiers, urls)
		}
		if len(seen) == MaxTrackers {
			break
		}
	}
	if s, ok := trackerURL(parsed(d.announce).Text()); ok && len(tiers) == 0 {
		tiers = [][]string{{s}}
	}
	return tiers
}

// readWebSeeds reads a list of URLs, or one URL alone (BEP 19 allows both).
func readWebSeeds(raw []byte) []string {
	v := parsed(raw)
	if v.Kind() == bencode.String {
		if s, ok := webSeedURL(v.Text()); ok {
			return []string{s}
		}
		return nil
	}
	var urls []string
	seen := map[string]bool{}
	for u := range v.List() {
		if s, ok := webSeedURL(u.Text()); ok && !seen[s] && len(urls) < MaxWebSeeds {
			seen[s] = true
			urls = append(urls, s)
		}
	}
	return urls
}

// readNodes reads DHT nodes: pairs of host and port (BEP 5).
func readNodes(raw []byte) []string {
	var nodes []string
	for pair := range parsed(raw).List() {
		var host string
		port := int64(-1)
		for e := range pair.List() {
			if e.Kind() == bencode.String {
				host = e.Text()
			} else if n, ok := e.Int(); ok {
				port = n
			}
		}
		if node, ok := hostPort(host, strconv.FormatInt(port, 10)); ok && len(nodes) < MaxNodes {
			nodes = append(nodes, node)
		}
	}
	return nodes
}

// parsed makes a Value of an encoding whose syntax was checked; one that is absent gives
// an absent Value.
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

// trackerURL checks a tracker's URL and returns it trimmed. WebSocket trackers
// are kept: they are no use to us, but to whom we hand the torrent on.
func trackerURL(s string) (string, bool) {
	return checkURL(s, "http", "https", "udp", "ws", "wss")
}

func webSeedURL(s string) (string, bool) { return checkURL(s, "http", "https") }

// checkURL accepts an absolute URL with a host and one of some schemes.
func checkURL(s string, schemes ...string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > MaxURLLen {
		return "", false
	}
	s = strings.ReplaceAll(s, " ", "%20") // as other clients do
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" {
		return "", false
	}
	return s, slices.Contains(schemes, u.Scheme)
}

// hostPort joins and checks a host, which may be a name, and a port.
func hostPort(host, port string) (string, bool) {
	const maxHost = 253 // RFC 1035 section 2.3.4, as text
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 || host == "" || len(host) > maxHost {
		return "", false
	}
	for _, c := range []byte(host) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`/?#@[]\"<>`, c) >= 0 {
			return "", false
		}
	}
	return net.JoinHostPort(host, strconv.FormatUint(n, 10)), true
}
