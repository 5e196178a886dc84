package metainfo

import (
	"bytes"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Torrent is a .torrent file: an info dictionary and hints around it, which
// are no part of the infohash. Info and Layers may not be written to.
type Torrent struct {
	Info   *Info
	Layers PieceLayers // v2 and hybrid: checked, maybe not complete; else nil

	Trackers  [][]string // tiers (BEP 12); http, https, udp, ws or wss URLs
	WebSeeds  []string   // http and https URLs (BEP 19)
	Nodes     []string   // DHT nodes as host:port (BEP 5)
	Comment   string
	CreatedBy string

	// CreationDate in seconds since 1970; 0 where there is none.
	CreationDate int64
}

// ParseTorrent parses and checks a .torrent file. White space after it is
// taken as an accident of editing. The info dictionary and the piece layers
// are checked fully; a hint of the wrong kind is ignored, as other clients do,
// and lists of hints are cut at their limits. The error is an *InvalidError.
func ParseTorrent(b []byte) (*Torrent, error) {
	if len(b) > MaxTorrentLen {
		return nil, invalidf("torrent", ReasonLimit, "%d bytes", len(b))
	}
	d, err := readTorrentDict(bytes.TrimRight(b, " \t\r\n"))
	if err != nil {
		return nil, err
	}
	if d.info == nil {
		return nil, invalid("info", ReasonMissing)
	}
	t := &Torrent{}
	if t.Info, err = ParseInfo(d.info); err != nil {
		return nil, err
	}
	if err := t.loadLayers(d.layers); err != nil {
		return nil, err
	}
	t.loadHints(d)
	return t, nil
}

// torrentDict is a .torrent file whose syntax was checked, taken apart by key:
// the encodings of the known ones, nil where absent.
type torrentDict struct {
	info, layers            []byte
	announce, announceList  []byte
	urlList, nodes          []byte
	comment, commentUTF8    []byte
	createdBy, creationDate []byte
}

func (d *torrentDict) field(key []byte) *[]byte {
	switch string(key) {
	case "info":
		return &d.info
	case "piece layers":
		return &d.layers
	case "announce":
		return &d.announce
	case "announce-list":
		return &d.announceList
	case "url-list":
		return &d.urlList
	case "nodes":
		return &d.nodes
	case "comment":
		return &d.comment
	case "comment.utf-8":
		return &d.commentUTF8
	case "created by":
		return &d.createdBy
	case "creation date":
		return &d.creationDate
	}
	return nil
}

func readTorrentDict(b []byte) (*torrentDict, error) {
	d := &torrentDict{}
	s := bencode.NewScanner(b)
	s.AnyOrder = true // the infohash is not concerned, see readInfoDict
	err := s.Dict(func(key []byte) error {
		f := d.field(key)
		if f == nil {
			return nil
		}
		if *f != nil {
			return invalidf("torrent", ReasonBencode, "key %q twice", key)
		}
		var err error
		*f, err = s.Raw()
		return err
	})
	if err == nil {
		err = s.End()
	}
	return d, wrapBencode("torrent", err)
}

func (t *Torrent) loadLayers(raw []byte) error {
	if !t.Info.HasV2() {
		return nil
	}
	layers := PieceLayers{}
	if raw != nil {
		s := bencode.NewScanner(raw)
		err := s.Dict(func(root []byte) error {
			layer, err := s.Bytes()
			if err != nil {
				return err
			}
			if len(root) != hashLenV2 {
				return invalidf("piece layers", ReasonLayer, "a root of %d bytes", len(root))
			}
			layers[[hashLenV2]byte(root)] = layer
			return nil
		})
		if err != nil {
			return wrapBencode("piece layers", err)
		}
	}
	if err := t.Info.checkLayers(layers); err != nil {
		return err
	}
	for root, layer := range layers {
		layers[root] = bytes.Clone(layer)
	}
	t.Layers = layers
	return nil
}

func (t *Torrent) loadHints(d *torrentDict) {
	t.Trackers = readTrackers(d)
	t.WebSeeds = readWebSeeds(d.urlList)
	t.Nodes = readNodes(d.nodes)
	t.Comment = hintText(d.comment, d.commentUTF8)
	t.CreatedBy = hintText(d.createdBy, nil)
	n, err := bencode.NewScanner(d.creationDate).Int()
	if err == nil && n > 0 && n < maxDate {
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

// parsed makes a Value of an encoding whose syntax was checked; one that is
// absent, or has keys out of order, gives an absent Value.
func parsed(raw []byte) bencode.Value {
	v, _ := bencode.Parse(raw)
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
	for _, scheme := range schemes {
		if u.Scheme == scheme {
			return s, true
		}
	}
	return "", false
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

// Encode returns t as a .torrent file. ParseTorrent of it gives t again; the
// info dictionary is written byte for byte as it was parsed.
func (t *Torrent) Encode() []byte {
	d := map[string]any{"info": bencode.RawValue(t.Info.Raw())}
	if len(t.Trackers) > 0 && len(t.Trackers[0]) > 0 {
		d["announce"] = t.Trackers[0][0]
		if len(t.Trackers) > 1 || len(t.Trackers[0]) > 1 {
			tiers := make([]any, len(t.Trackers))
			for i, tier := range t.Trackers {
				tiers[i] = tier
			}
			d["announce-list"] = tiers
		}
	}
	if len(t.WebSeeds) > 0 {
		d["url-list"] = t.WebSeeds
	}
	if nodes := encodeNodes(t.Nodes); len(nodes) > 0 {
		d["nodes"] = nodes
	}
	if t.Comment != "" {
		d["comment"] = t.Comment
	}
	if t.CreatedBy != "" {
		d["created by"] = t.CreatedBy
	}
	if t.CreationDate > 0 {
		d["creation date"] = t.CreationDate
	}
	if t.Info.HasV2() {
		layers := make(map[string]any, len(t.Layers))
		for root, layer := range t.Layers {
			layers[string(root[:])] = layer
		}
		d["piece layers"] = layers
	}
	b, _ := bencode.Append(nil, d) // all values are of kinds that it knows
	return b
}

func encodeNodes(nodes []string) []any {
	var list []any
	for _, node := range nodes {
		host, port, err := net.SplitHostPort(node)
		n, err2 := strconv.ParseUint(port, 10, 16)
		if err == nil && err2 == nil {
			list = append(list, []any{host, int64(n)})
		}
	}
	return list
}
