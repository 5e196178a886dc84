package metainfo

import (
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Magnet is a magnet link to a torrent (BEP 9, BEP 52, BEP 53). All but the
// infohashes are hints: they help to find the swarm and never change content.
type Magnet struct {
	Hashes   []InfoHash // xt: v1, v2, or v1 and v2 of a hybrid
	Name     string     // dn: what to show until the metadata is there
	Trackers []string   // tr: http, https, udp, ws or wss URLs
	Peers    []string   // x.pe: host:port, the host an address or a name
	WebSeeds []string   // ws: http and https URLs (BEP 19)
	Select   []Range    // so: the files that are wanted; nil means all
	Size     int64      // xl: bytes in all, 0 where it does not say
}

// Range is a range of file indices, both ends included.
type Range struct{ First, Last int }

// ParseMagnet parses a magnet link. An exact topic that is no infohash, two
// different infohashes of one version, a peer that is no host:port and a
// selection that is not one are refused, naming the parameter: whoever wrote
// the link wants to know. Trackers and web seeds that are no URL of a known
// scheme are dropped, as other clients do: links that collect dozens of them
// go round. So are other parameters. Parameters may be numbered ("tr.1"). The
// error is an *InvalidError.
func ParseMagnet(uri string) (*Magnet, error) {
	if len(uri) > MaxMagnetLen {
		return nil, invalidf("magnet", ReasonLimit, "%d bytes", len(uri))
	}
	uri = strings.TrimSpace(uri)
	const scheme = "magnet:"
	if len(uri) < len(scheme) || !strings.EqualFold(uri[:len(scheme)], scheme) {
		return nil, invalidf("magnet", ReasonSyntax, "does not start with magnet:")
	}
	query, ok := strings.CutPrefix(uri[len(scheme):], "?")
	if !ok {
		return nil, invalidf("magnet", ReasonSyntax, "no parameters")
	}
	query, _, _ = strings.Cut(query, "#")
	m, err := ParseHints(query)
	if err != nil {
		return nil, err
	}
	if len(m.Hashes) == 0 {
		return nil, invalid("magnet.xt", ReasonMissing)
	}
	return m, nil
}

// ParseHints parses the parameters of a magnet link alone: a URL query, without
// its question mark, that carries the same hints. It is ParseMagnet in all
// else, but asks for no exact topic.
func ParseHints(query string) (*Magnet, error) {
	if len(query) > MaxMagnetLen {
		return nil, invalidf("magnet", ReasonLimit, "%d bytes", len(query))
	}
	m := &Magnet{}
	for param := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(param, "=")
		if value == "" {
			continue
		}
		if err := m.param(strings.ToLower(key), unescapeParam(value)); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(m.Hashes, func(a, b InfoHash) int { return int(a.version) - int(b.version) })
	return m, nil
}

// unescapeParam decodes a value. Links are pasted by people: where an escape
// is broken ("100%"), the text is taken as it stands.
func unescapeParam(value string) string {
	if s, err := url.QueryUnescape(value); err == nil {
		return s
	}
	return value
}

// param takes in one parameter. Its key may end in a number: "xt.1".
func (m *Magnet) param(key, value string) error {
	if base, n, ok := strings.Cut(key, "."); ok && isNumber(n) {
		key = base
	}
	switch key {
	case "xt":
		return m.addTopic(value)
	case "dn":
		if m.Name == "" {
			m.Name = value
		}
	case "tr":
		if u, ok := trackerURL(value); ok {
			addHint(&m.Trackers, u, MaxTrackers)
		}
	case "ws":
		if u, ok := webSeedURL(value); ok {
			addHint(&m.WebSeeds, u, MaxWebSeeds)
		}
	case "x.pe":
		peer, ok := ParsePeer(value)
		if !ok {
			return invalidf("magnet.x.pe", ReasonSyntax, "%q", value)
		}
		addHint(&m.Peers, peer, MaxNodes)
	case "so":
		return m.addSelection(value)
	case "xl":
		if n, err := strconv.ParseInt(value, 10, 64); err == nil && n > 0 {
			m.Size = n
		}
	}
	return nil
}

func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// addTopic takes in an exact topic. Topics of other networks are ignored.
func (m *Magnet) addTopic(urn string) error {
	const (
		btih = "urn:btih:"
		btmh = "urn:btmh:"
	)
	var h InfoHash
	var err error
	switch {
	case len(urn) > len(btih) && strings.EqualFold(urn[:len(btih)], btih):
		h, err = ParseInfoHash(urn[len(btih):])
	case len(urn) > len(btmh) && strings.EqualFold(urn[:len(btmh)], btmh):
		h, err = ParseMultihash(urn[len(btmh):])
	default:
		return nil
	}
	if err != nil {
		return invalidf("magnet.xt", ReasonSyntax, "%q", urn)
	}
	for _, other := range m.Hashes {
		if other == h {
			return nil
		}
		if other.version == h.version {
			return invalidf("magnet.xt", ReasonConflict, "two infohashes of one version")
		}
	}
	m.Hashes = append(m.Hashes, h)
	return nil
}

// addHint adds a checked hint to a list, once; beyond the limit it is dropped.
func addHint(list *[]string, hint string, limit int) {
	if len(*list) < limit && !slices.Contains(*list, hint) {
		*list = append(*list, hint)
	}
}

// ParsePeer checks a peer address as x.pe has it, "host:port" with an IPv6
// address in brackets, and returns its canonical form.
func ParsePeer(s string) (string, bool) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		return "", false
	}
	return hostPort(host, port)
}

// addSelection takes in file indices: "0,2,4-8".
func (m *Magnet) addSelection(value string) error {
	for item := range strings.SplitSeq(value, ",") {
		first, last, isRange := strings.Cut(item, "-")
		if !isRange {
			last = first
		}
		a, errA := strconv.ParseUint(first, 10, 31)
		b, errB := strconv.ParseUint(last, 10, 31)
		if errA != nil || errB != nil || a > b || b >= MaxFiles {
			return invalidf("magnet.so", ReasonSyntax, "%q", item)
		}
		if len(m.Select) == MaxSelect {
			return invalidf("magnet.so", ReasonLimit, "more than %d ranges", MaxSelect)
		}
		m.Select = append(m.Select, Range{int(a), int(b)})
	}
	return nil
}

// Selected reports whether the link wants the file with the given index.
func (m *Magnet) Selected(index int) bool {
	if m.Select == nil {
		return true
	}
	return slices.ContainsFunc(m.Select, func(r Range) bool {
		return r.First <= index && index <= r.Last
	})
}

// Query returns the hints as a URL query without a question mark, in the order
// dn, xl, tr, ws, x.pe, so; "" if there are none. A canonical URL carries it.
func (m *Magnet) Query() string {
	var b strings.Builder
	add := func(key, value string) {
		if b.Len() > 0 {
			b.WriteByte('&')
		}
		b.WriteString(key)
		b.WriteByte('=')
		b.WriteString(value)
	}
	if m.Name != "" {
		add("dn", strings.ReplaceAll(url.QueryEscape(m.Name), "+", "%20")) // some clients show a plus as one
	}
	if m.Size > 0 {
		add("xl", strconv.FormatInt(m.Size, 10))
	}
	for _, u := range m.Trackers {
		add("tr", url.QueryEscape(u))
	}
	for _, u := range m.WebSeeds {
		add("ws", url.QueryEscape(u))
	}
	for _, p := range m.Peers {
		add("x.pe", escapePeer(p))
	}
	if len(m.Select) > 0 {
		add("so", formatSelection(m.Select))
	}
	return b.String()
}

// escapePeer leaves the colons and brackets of an address as they are: that is
// how people write them, and they are safe in a query (RFC 3986 section 3.4
// has the colon; clients agree on brackets).
func escapePeer(p string) string {
	return strings.NewReplacer("%3A", ":", "%5B", "[", "%5D", "]").Replace(url.QueryEscape(p))
}

func formatSelection(ranges []Range) string {
	parts := make([]string, len(ranges))
	for i, r := range ranges {
		parts[i] = strconv.Itoa(r.First)
		if r.Last != r.First {
			parts[i] += "-" + strconv.Itoa(r.Last)
		}
	}
	return strings.Join(parts, ",")
}

// String returns the link: topics first, then Query. ParseMagnet of it gives m
// again.
func (m *Magnet) String() string {
	parts := make([]string, 0, len(m.Hashes)+1)
	for _, h := range m.Hashes {
		parts = append(parts, "xt="+h.URN())
	}
	if q := m.Query(); q != "" {
		parts = append(parts, q)
	}
	return "magnet:?" + strings.Join(parts, "&")
}
