package wire

import (
	"github.com/btgw/btgw/metainfo/bencode"
)

// MetadataType is the kind of a ut_metadata message (BEP 9).
type MetadataType uint8

// The kinds of BEP 9. Others are to be ignored.
const (
	MetadataRequest MetadataType = 0
	MetadataData    MetadataType = 1
	MetadataReject  MetadataType = 2
)

// A MetadataMessage is a ut_metadata message.
type MetadataMessage struct {
	Type  MetadataType
	Part  int    // from 0, each of MetadataPart bytes but the last
	Total int64  // bytes of the whole metadata; with MetadataData alone, 0 unknown
	Data  []byte // with MetadataData alone; aliases the message
}

// AppendMetadata appends m as a message under the id that the peer gave
// ut_metadata.
func AppendMetadata(b []byte, id uint8, m MetadataMessage) []byte {
	b, at := startExtended(b, id)
	b = append(b, "d8:msg_type"...)
	b = bencode.AppendInt(b, int64(m.Type))
	b = append(b, "5:piece"...)
	b = bencode.AppendInt(b, int64(m.Part))
	if m.Type == MetadataData {
		b = append(b, "10:total_size"...)
		b = bencode.AppendInt(b, m.Total)
	}
	b = append(b, 'e')
	if m.Type == MetadataData {
		b = append(b, m.Data...)
	}
	return endExtended(b, at)
}

// ParseMetadata reads the body of a ut_metadata message, whose dictionary may be written
// loosely: what is hashed is Data. Part is within what MaxMetadata allows, and Data not
// longer than MetadataPart.
func ParseMetadata(body []byte) (m MetadataMessage, err error) {
	d, rest, err := bencode.ParsePrefixLax(body)
	if err != nil || d.Kind() != bencode.Dict {
		return m, &Error{ID: Extended, Reason: "metadata message is not a dictionary"}
	}
	kind, ok := d.Get("msg_type").Int()
	if !ok || kind < 0 || kind > 255 {
		return m, &Error{ID: Extended, Reason: "metadata message without a type"}
	}
	m.Type = MetadataType(kind)
	if m.Type > MetadataReject {
		return m, nil
	}
	part, ok := d.Get("piece").Int()
	if !ok || part < 0 || part >= MaxMetadata/MetadataPart {
		return m, &Error{ID: Extended, Reason: "metadata message for a part that cannot be"}
	}
	m.Part = int(part)
	if m.Type == MetadataData {
		m.Total = within(d.Get("total_size"), MaxMetadata)
		m.Data = rest
		if len(rest) == 0 || len(rest) > MetadataPart {
			return m, &Error{ID: Extended, Reason: "metadata part of a length that cannot be"}
		}
	}
	return m, nil
}
