package wire

import (
	"encoding/binary"
	"net/netip"
	"strings"
	"unicode"

	"github.com/btgw/btgw/metainfo/bencode"
)

// The ids under which we take extension messages (BEP 10): what our handshake
// announces in m.
const (
	ExtHandshake  = 0 // fixed by BEP 10
	ExtPEX        = 1
	ExtMetadata   = 2
	ExtUploadOnly = 3
	ExtSibling    = 4
	ExtDontHave   = 7
)

// Said is yes or no, where it was said at all.
type Said int8

// What can be said.
const (
	No     Said = -1
	Unsaid Said = 0
	Yes    Said = 1
)

// An ExtendedHandshake is the dictionary of BEP 10 with what other BEPs added.
// A field that is zero is absent.
type ExtendedHandshake struct {
	// The ids under which the sender takes these messages; 0 is not supported.
	Metadata uint8 // ut_metadata (BEP 9)
	DontHave uint8 // lt_donthave (BEP 54)
	PEX      uint8 // ut_pex (BEP 11)
	// UploadOnlyID is that of upload_only, libtorrent's: UploadOnly as it changes.
	UploadOnlyID uint8
	// Sibling is that of btgw_sibling, ours: SiblingMessage.
	Sibling uint8

	Nonce        [32]byte   // btgw_nonce: what the receiver's proof to be a sibling is over; zero is absent
	Client       string     // v: name and version; printable, at most MaxClientName bytes
	Port         uint16     // p: the TCP port that the sender accepts on
	ReqQ         int        // requests that the sender queues; at most MaxReqQ when read
	MetadataSize int64      // bytes of the info dictionary; read as 0 where it is above MaxMetadata
	UploadOnly   Said       // BEP 21
	YourIP       netip.Addr // the receiver's address as the sender sees it
}

// AppendExtendedHandshake appends the message of h.
func AppendExtendedHandshake(b []byte, h *ExtendedHandshake) []byte {
	b, at := startExtended(b, ExtHandshake)
	b = append(b, 'd')
	if h.Nonce != [32]byte{} {
		b = append(b, "10:btgw_nonce"...)
		b = bencode.AppendString(b, string(h.Nonce[:]))
	}
	b = append(b, "1:md"...)
	b = appendExtension(b, "12:btgw_sibling", h.Sibling)
	b = appendExtension(b, "11:lt_donthave", h.DontHave)
	b = appendExtension(b, "11:upload_only", h.UploadOnlyID)
	b = appendExtension(b, "11:ut_metadata", h.Metadata)
	b = appendExtension(b, "6:ut_pex", h.PEX)
	b = append(b, 'e')
	b = appendPositive(b, "13:metadata_size", h.MetadataSize)
	b = appendPositive(b, "1:p", int64(h.Port))
	b = appendPositive(b, "4:reqq", int64(h.ReqQ))
	switch h.UploadOnly {
	case Yes:
		b = append(b, "11:upload_onlyi1e"...)
	case No:
		b = append(b, "11:upload_onlyi0e"...)
	}
	if h.Client != "" {
		b = append(b, "1:v"...)
		b = bencode.AppendString(b, h.Client)
	}
	if h.YourIP.IsValid() {
		b = append(b, "6:yourip"...)
		b = bencode.AppendString(b, h.YourIP.Unmap().AsSlice())
	}
	b = append(b, 'e')
	return endExtended(b, at)
}

func appendExtension(b []byte, key string, id uint8) []byte {
	return appendPositive(b, key, int64(id))
}

func appendPositive(b []byte, key string, n int64) []byte {
	if n <= 0 {
		return b
	}
	return bencode.AppendInt(append(b, key...), n)
}

// ParseExtended splits the payload of an Extended message into the id that the
// receiver gave the message, and its body.
func ParseExtended(payload []byte) (id uint8, body []byte) { return payload[0], payload[1:] }

// ParseExtendedHandshake reads the body of an extension handshake, which may be written
// loosely: nothing is hashed of it. What is absent, of the wrong kind or out of bounds stays
// zero; the error is for a body that is no dictionary at all.
func ParseExtendedHandshake(body []byte) (h ExtendedHandshake, err error) {
	return h.Continue(body)
}

// Continue reads the body of a further extension handshake after h. What it leaves out holds
// on (BEP 10: m is additive, and 0 takes a message back). The size of the metadata stays as it
// was said first.
func (h ExtendedHandshake) Continue(body []byte) (ExtendedHandshake, error) {
	// Some clients pad the message behind the dictionary.
	d, _, err := bencode.ParsePrefixLax(body)
	if err != nil || d.Kind() != bencode.Dict {
		return h, &Error{ID: Extended, Reason: "extension handshake is not a dictionary"}
	}
	h.readMessages(d.Get("m"))
	if h.MetadataSize == 0 {
		h.MetadataSize = within(d.Get("metadata_size"), MaxMetadata)
	}
	if n := within(d.Get("p"), 65535); n > 0 {
		h.Port = uint16(n)
	}
	if n, ok := d.Get("reqq").Int(); ok && n > 0 {
		h.ReqQ = int(min(n, MaxReqQ))
	}
	if n, ok := d.Get("upload_only").Int(); ok && n > 0 {
		h.UploadOnly = Yes
	} else if ok {
		h.UploadOnly = No
	}
	if name, ok := d.Get("v").Bytes(); ok && printable(name) != "" {
		h.Client = printable(name)
	}
	if nonce, _ := d.Get("btgw_nonce").Bytes(); len(nonce) == len(h.Nonce) {
		h.Nonce = [32]byte(nonce)
	}
	ip, _ := d.Get("yourip").Bytes()
	if a, ok := netip.AddrFromSlice(ip); ok {
		h.YourIP = a.Unmap()
	}
	return h, nil
}

// readMessages reads the dictionary m.
func (h *ExtendedHandshake) readMessages(m bencode.Value) {
	for _, msg := range [...]struct {
		name string
		id   *uint8
	}{{"ut_metadata", &h.Metadata}, {"lt_donthave", &h.DontHave}, {"ut_pex", &h.PEX}, {"upload_only", &h.UploadOnlyID}, {"btgw_sibling", &h.Sibling}} {
		if id := m.Get(msg.name); id.Kind() == bencode.Int {
			*msg.id = uint8(within(id, 255))
		}
	}
}

// within returns an integer of 1 to most, and 0 for anything else.
func within(v bencode.Value, most int64) int64 {
	if n, ok := v.Int(); ok && n > 0 && n <= most {
		return n
	}
	return 0
}

// printable makes a stranger's text fit for a log line or a page: valid UTF-8
// without control characters, at most MaxClientName bytes.
func printable(b []byte) string {
	var s strings.Builder
	for _, r := range string(b[:min(len(b), 4*MaxClientName)]) {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			continue
		}
		if s.Len()+len(string(r)) > MaxClientName {
			break
		}
		s.WriteRune(r)
	}
	return strings.TrimSpace(s.String())
}

// startExtended begins an extension message; endExtended writes its length.
func startExtended(b []byte, id uint8) (_ []byte, at int) {
	return append(b, 0, 0, 0, 0, byte(Extended), id), len(b)
}

func endExtended(b []byte, at int) []byte {
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b
}
