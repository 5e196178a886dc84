package metainfo

import (
	"bytes"

	"github.com/btgw/btgw/metainfo/bencode"
)

// Torrent is a .torrent file: an info dictionary and hints around it, which are no part
// of the infohash. Callers must not write to Info and Layers.
type Torrent struct {
	Info   *Info
	Layers PieceLayers // v2 and hybrid: checked, maybe not complete; else nil

	Trackers  [][]string // tiers (BEP 12); http, https, udp, ws or wss URLs
	WebSeeds  []string   // http and https URLs (BEP 19)
	Nodes     []string   // DHT nodes as host:port (BEP 5)
	Comment   string
	CreatedBy string
	// Charset is the character set of names that are not UTF-8, "" where none is said
	// (Info.Text).
	Charset string

	// CreationDate is in seconds since 1970; 0 where there is none.
	CreationDate int64
}

// ParseTorrent parses and checks a .torrent file. It ignores bytes after the file,
// which an accident of its transport leaves, and white space or a byte order mark
// before it, which editors leave. It checks the info dictionary and the piece layers
// fully. The fields around them may be written loosely. As in other clients, a hint of
// the wrong kind is ignored. Lists of hints are cut at their limits. The error is an
// *InvalidError.
func ParseTorrent(b []byte) (*Torrent, error) {
	if len(b) > MaxTorrentLen {
		return nil, invalidf("torrent", ReasonLimit, "%d bytes", len(b))
	}
	d, err := readTorrentDict(bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n"))
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
	if t.Charset = charsetName(d.encoding, d.codepage); t.Charset != "" {
		t.Info.setCharset(t.Charset)
	}
	return t, nil
}

// torrentDict is a .torrent file whose syntax was checked, taken apart by key. It holds
// the encodings of the known keys' values, nil where a key is absent.
type torrentDict struct {
	info, layers            []byte
	announce, announceList  []byte
	urlList, nodes          []byte
	comment, commentUTF8    []byte
	createdBy, creationDate []byte
	encoding, codepage      []byte
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
	case "encoding":
		return &d.encoding
	case "codepage":
		return &d.codepage
	}
	return nil
}

func readTorrentDict(b []byte) (*torrentDict, error) {
	d := &torrentDict{}
	s := bencode.NewScanner(b)
	s.AnyOrder, s.Lax = true, true // the infohash is not concerned, see readInfoDict
	err := s.Dict(func(key []byte) error {
		f := d.field(key)
		if f == nil {
			return nil
		}
		switch {
		case *f == nil:
		case f == &d.info:
			return invalidf("torrent", ReasonBencode, "key %q twice", key)
		default:
			return nil // the first counts, as for libtorrent
		}
		s.Lax = f != &d.layers // readInfoDict is strict where it has to be
		var err error
		*f, err = s.Raw()
		s.Lax = true
		return err
	})
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
