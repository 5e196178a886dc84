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
//
// A link to a hybrid had better name Info.ID alone. libtorrent 2.0 that is given both asks peers
// for the hashes of v2 again and again (arvidn/libtorrent#8393). If an answer comes when a
// piece is hashed and not on the disk yet, libtorrent takes v1 and v2 for different data and
// stops. By a v1 infohash it gets the same torrent, and rarely asks.
type Magnet struct {
	Hashes   []InfoHash // xt: v1, v2, or v1 and v2 of a hybrid
	Name     string     // dn: what to show until the metadata is there
	Trackers []string   // tr: http, https, udp, ws or wss URLs
	Peers    []string   // x.pe: host:port, the host an address or a name
	WebSeeds []string   // ws: http and https URLs (BEP 19)
	Select   []Range    // so: the files that are wanted; nil means all
	Size     int64      // xl: bytes in all, 0 where it does not say

	ExactSources      []string // xs: http and https URLs of the .torrent
	AcceptableSources []string // as: likewise, where those do not serve

	// Dropped are the parameters that are of no use, MaxDropped at most.
	Dropped []Dropped

	badTopic, conflict bool // of xt
	nested             bool // parameters within xt are being read
}

// Range is a range of file indices, both ends included.
type Range struct{ First, Last int }

// ParseMagnet parses a magnet link as people paste it (magnet_text.go): among other
// text, in quotes, wrapped, escaped too often or too little; an infohash alone will do.
// It is strict about the infohash: it refuses a link without one, and one with two of a
// version. It drops useless hints and notes them in Dropped. It ignores unknown
// parameters. The error is an *InvalidError.
func ParseMagnet(text string) (*Magnet, error) {
	if len(text) > MaxMagnetLen {
		return nil, invalidf("magnet", ReasonLimit, "%d bytes", len(text))
	}
	query, ok := linkQuery(text)
	if !ok {
		return nil, invalidf("magnet", ReasonSyntax, "does not start with magnet:")
	}
	if query == "" && !strings.Contains(text, "?") {
		return nil, invalidf("magnet", ReasonSyntax, "no parameters")
	}
	m := &Magnet{}
	m.addParams(query)
	switch {
	case m.conflict:
		return nil, invalidf("magnet.xt", ReasonConflict, "two infohashes of one version")
	case len(m.Hashes) == 0 && m.badTopic:
		return nil, invalidf("magnet.xt", ReasonSyntax, "not an infohash")
	case len(m.Hashes) == 0:
		return nil, invalid("magnet.xt", ReasonMissing)
	}
	slices.SortFunc(m.Hashes, func(a, b InfoHash) int { return int(a.version) - int(b.version) })
	return m, nil
}

// ParseHints parses the parameters of a magnet link alone: a URL query, without
// its question mark, that carries the same hints. It is as lenient as ParseMagnet,
// and asks for no exact topic. One that there is, is a hint: another infohash of the torrent.
func ParseHints(query string) (*Magnet, error) {
	if len(query) > MaxMagnetLen {
		return nil, invalidf("magnet", ReasonLimit, "%d bytes", len(query))
	}
	m := &Magnet{}
	m.addParams(query)
	if m.conflict {
		m.drop("xt", "two infohashes of one version")
	}
	return m, nil
}

// addHint adds a checked hint to a list, once, up to a limit.
func (m *Magnet) addHint(list *[]string, key, hint string, limit int) {
	switch {
	case slices.Contains(*list, hint):
	case len(*list) == limit:
		m.drop(key, "more than "+strconv.Itoa(limit))
	default:
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
func (m *Magnet) addSelection(value string) {
	var ranges []Range
	for item := range strings.SplitSeq(value, ",") {
		first, last, isRange := strings.Cut(strings.TrimSpace(item), "-")
		if !isRange {
			last = first
		}
		a, errA := strconv.ParseUint(first, 10, 31)
		b, errB := strconv.ParseUint(last, 10, 31)
		if errA != nil || errB != nil || a > b || b >= MaxFiles {
			m.drop("so", "indexes of files are expected, as 0,2,4-8")
			return
		}
		ranges = append(ranges, Range{int(a), int(b)})
	}
	if len(m.Select)+len(ranges) > MaxSelect {
		m.drop("so", "more than "+strconv.Itoa(MaxSelect)+" ranges")
		return
	}
	m.Select = append(m.Select, ranges...)
}

// Sources returns the URLs of the .torrent file, the best first.
func (m *Magnet) Sources() []string {
	return slices.Concat(m.ExactSources, m.AcceptableSources)
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
// dn, xl, tr, ws, xs, as, x.pe, so; "" if there are none. A canonical URL carries it.
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
	for _, u := range m.ExactSources {
		add("xs", url.QueryEscape(u))
	}
	for _, u := range m.AcceptableSources {
		add("as", url.QueryEscape(u))
	}
	for _, p := range m.Peers {
		add("x.pe", escapePeer(p))
	}
	if len(m.Select) > 0 {
		add("so", formatSelection(m.Select))
	}
	return b.String()
}

// QueryFor returns Query for the canonical URL of one of the infohashes: the other one of a
// hybrid torrent comes before the rest, as xt.
func (m *Magnet) QueryFor(h InfoHash) string {
	var parts []string
	for _, other := range m.Hashes {
		if other != h {
			parts = append(parts, "xt="+other.URN())
		}
	}
	if query := m.Query(); query != "" {
		parts = append(parts, query)
	}
	return strings.Join(parts, "&")
}

// Twin returns the infohash of the other version than h, by which a hybrid torrent is known
// too; zero where the link has none.
func (m *Magnet) Twin(h InfoHash) InfoHash {
	for _, other := range m.Hashes {
		if other.version != h.version && !h.IsZero() {
			return other
		}
	}
	return InfoHash{}
}

// escapePeer leaves the colons and brackets of an address as they are. People write
// them so, and both are safe in a query: RFC 3986 section 3.4 allows the colon, and
// clients accept brackets.
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
	return "magnet:?" + m.QueryFor(InfoHash{})
}
