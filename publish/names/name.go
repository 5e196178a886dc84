package names

import (
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// ErrName is a text that is no name.
var ErrName = errors.New("names: 64 hexadecimal digits and a salt of at most 64 bytes are expected")

// NoSalt stands in paths for a salt of no bytes.
const NoSalt = "-"

// A Name is a public key, and a salt that tells the names of one key from each other.
type Name struct {
	Key  [ed25519.PublicKeySize]byte
	Salt string // at most dht.MaxSalt bytes; any
}

// Parse reads the two segments of a path, without their escapes.
func Parse(key, salt string) (Name, error) {
	b, err := hex.DecodeString(key)
	if salt == NoSalt {
		salt = ""
	}
	if err != nil || len(b) != ed25519.PublicKeySize || len(salt) > dht.MaxSalt {
		return Name{}, ErrName
	}
	return Name{Key: [ed25519.PublicKeySize]byte(b), Salt: salt}, nil
}

// KeyText is the key in hexadecimal.
func (n Name) KeyText() string { return hex.EncodeToString(n.Key[:]) }

// SaltText is the salt as a segment of a path has it, without escapes.
func (n Name) SaltText() string {
	if n.Salt == "" {
		return NoSalt
	}
	return n.Salt
}

// Path returns the gateway's URL path of the name: /btpk/<key>/<salt>, escaped.
func (n Name) Path() string { return "/btpk/" + n.KeyText() + "/" + escape(n.SaltText()) }

// Magnet is the link to the name (BEP 46).
func (n Name) Magnet() string {
	link := "magnet:?xs=urn:btpk:" + n.KeyText()
	if n.Salt != "" {
		link += "&s=" + hex.EncodeToString([]byte(n.Salt))
	}
	return link
}

// escape writes all but the unreserved characters (RFC 3986) as %XX.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// ParseMagnet reads a link of BEP 46: magnet:?xs=urn:btpk:<key>&s=<salt in hexadecimal>.
func ParseMagnet(link string) (Name, error) {
	scheme, query, _ := strings.Cut(strings.TrimSpace(link), "?")
	values, err := url.ParseQuery(query)
	if err != nil || !strings.EqualFold(scheme, "magnet:") || len(query) > metainfo.MaxMagnetLen {
		return Name{}, ErrName
	}
	for _, xs := range values["xs"] {
		if key, ok := strings.CutPrefix(strings.ToLower(xs), "urn:btpk:"); ok {
			salt, err := hex.DecodeString(values.Get("s"))
			if err != nil || string(salt) == NoSalt {
				return Name{}, ErrName
			}
			return Parse(key, string(salt))
		}
	}
	return Name{}, ErrName
}

// encode is what an item says: {"ih": infohash} (BEP 46). A torrent that is v2 alone has its whole
// infohash there, of 32 bytes.
func encode(hash metainfo.InfoHash) []byte {
	b := bencode.AppendString([]byte("d"), "ih")
	return append(bencode.AppendString(b, hash.Bytes()), 'e')
}

// decode reads what an item says.
func decode(value []byte) (metainfo.InfoHash, bool) {
	v, err := bencode.Parse(value)
	if err != nil || v.Kind() != bencode.Dict {
		return metainfo.InfoHash{}, false
	}
	b, _ := v.Get("ih").Bytes()
	switch len(b) {
	case 20:
		return metainfo.NewV1([20]byte(b)), true
	case 32:
		return metainfo.NewV2([32]byte(b)), true
	}
	return metainfo.InfoHash{}, false
}
