package gateway

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// A query is what the parameters of a content URL ask for. Hints say where the
// swarm may be found; the rest says in what form the answer goes out.
type query struct {
	hints      fetch.Hints
	format     string // "", or a name of ?format= in lower case
	attachment bool   // ?download=1
	filename   string // ?filename=, "" for the file's own name
}

// checkAddr reports why an address may not be contacted, nil if it may.
type checkAddr func(netip.AddrPort) error

// parseQuery reads the raw query of a content URL. Parameters that it does not
// know are left alone, as is the selection of files (so), which it only checks;
// a hint that is malformed, forbidden or one too many is an error, which names
// the parameter but never repeats its value: trackers carry passkeys.
func parseQuery(raw string, check checkAddr) (query, *problem) {
	var q query
	for more := raw != ""; more; {
		var pair string
		pair, raw, more = strings.Cut(raw, "&")
		key, value, err := unescapePair(pair)
		if err == nil {
			err = q.set(key, value, check)
		}
		if err != nil {
			return query{}, badRequest("Query parameter %s: %v.", safeKey(key), err)
		}
	}
	return q, nil
}

func unescapePair(pair string) (key, value string, err error) {
	key, value, _ = strings.Cut(pair, "=")
	if key, err = url.QueryUnescape(key); err != nil {
		return "", "", fmt.Errorf("a %% in it is not followed by two hexadecimal digits")
	}
	if value, err = url.QueryUnescape(value); err != nil {
		return key, "", fmt.Errorf("a %% in it is not followed by two hexadecimal digits")
	}
	return key, value, nil
}

// safeKey names a parameter in an error.
func safeKey(key string) string {
	switch key {
	case "tr", "x.pe", "ws", "dn", "so", "format", "download", "filename":
		return key
	}
	return "(another)"
}

func (q *query) set(key, value string, check checkAddr) (err error) {
	switch key {
	case "tr":
		return addURL(&q.hints.Trackers, value, maxHintTrackers, check, "http", "https", "udp")
	case "ws":
		return addURL(&q.hints.WebSeeds, value, maxHintWebSeeds, check, "http", "https")
	case "x.pe":
		return addPeer(&q.hints.Peers, value, check)
	case "dn":
		q.hints.Name = cutName(value, maxHintName)
	case "so":
		return checkSelection(value)
	case "format":
		q.format = strings.ToLower(value)
	case "filename":
		if len(value) > maxFilename {
			return fmt.Errorf("at most %d bytes", maxFilename)
		}
		q.filename = value
	case "download":
		q.attachment, err = parseSwitch(value)
	}
	return err
}

// addURL appends a tracker or web seed. One of a scheme that btgw does not
// speak, as the WebTorrent trackers in many magnet links, is left out: others
// may serve.
func addURL(list *[]string, value string, bound int, check checkAddr, schemes ...string) error {
	if len(*list) == bound {
		return fmt.Errorf("at most %d are taken", bound)
	}
	if len(value) > maxHintBytes {
		return fmt.Errorf("longer than %d bytes", maxHintBytes)
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme == "" || u.Hostname() == "" {
		return fmt.Errorf("an absolute URL is expected (%s)", strings.Join(schemes, ", "))
	}
	for _, scheme := range schemes {
		if u.Scheme != scheme {
			continue
		}
		port := u.Port()
		switch {
		case port != "":
		case scheme == "udp":
			return fmt.Errorf("a udp URL needs a port")
		case scheme == "https":
			port = "443"
		default:
			port = "80"
		}
		if err := checkHost(u.Hostname(), port, check); err != nil {
			return err
		}
		*list = append(*list, value)
		return nil
	}
	return nil
}

// addPeer appends host:port.
func addPeer(list *[]string, value string, check checkAddr) error {
	if len(*list) == maxHintPeers {
		return fmt.Errorf("at most %d are taken", maxHintPeers)
	}
	peer, ok := metainfo.ParsePeer(value)
	if !ok {
		return fmt.Errorf("host:port is expected, an IPv6 address in brackets")
	}
	*list = append(*list, peer)
	host, port, _ := net.SplitHostPort(peer)
	return checkHost(host, port, check)
}

// checkHost refuses what can be refused without a look-up: the one dialer for
// everything checks what a name resolves to.
func checkHost(host, port string, check checkAddr) error {
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return fmt.Errorf("the port is not between 1 and 65535")
	}
	ip, err := netip.ParseAddr(host)
	if name := normalHost(host); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		ip, err = netip.AddrFrom4([4]byte{127, 0, 0, 1}), nil
	}
	if err != nil || check == nil {
		return nil
	}
	if err := check(netip.AddrPortFrom(ip.Unmap(), uint16(n))); err != nil {
		return fmt.Errorf("the address is not allowed here (private, loopback or reserved)")
	}
	return nil
}

// checkSelection takes file indexes as BEP 53 writes them: 0,2,4-8.
func checkSelection(value string) error {
	for part := range strings.SplitSeq(value, ",") {
		from, to, ranged := strings.Cut(part, "-")
		if !ranged {
			to = from
		}
		a, ok := parsePos(from)
		b, ok2 := parsePos(to)
		if !ok || !ok2 || b < a {
			return fmt.Errorf("indexes of files are expected, as 0,2,4-8")
		}
	}
	return nil
}

func parseSwitch(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "", "1", "true", "yes":
		return true, nil
	case "0", "false", "no":
		return false, nil
	}
	return false, fmt.Errorf("1 or 0 is expected")
}

// cutName bounds a name to so many bytes, at the end of a character.
func cutName(name string, most int) string {
	if len(name) <= most {
		return name
	}
	for most > 0 && !utf8.RuneStart(name[most]) {
		most--
	}
	return name[:most]
}
