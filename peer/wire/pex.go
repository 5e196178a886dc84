package wire

import (
	"encoding/binary"
	"net/netip"

	"github.com/btgw/btgw/metainfo/bencode"
)

// PEXFlags are what the sender of an address knows of its peer (BEP 11).
type PEXFlags uint8

// The flags of BEP 11 that are used here.
const (
	PEXEncryption PEXFlags = 0x01 // prefers encryption
	PEXUploadOnly PEXFlags = 0x02 // a seed, or another that only uploads
	PEXReachable  PEXFlags = 0x10 // takes connections: the sender made one
)

// A PEXPeer is an address in a PEX message.
type PEXPeer struct {
	Addr  netip.AddrPort
	Flags PEXFlags
}

// PEX is a ut_pex message (BEP 11): with whom its sender has been connected since
// the last one, and with whom no longer. Each list has MaxPEX addresses at most,
// IPv4 first.
type PEX struct {
	Added   []PEXPeer
	Dropped []netip.AddrPort
}

// AppendPEX appends m, as far as MaxPEX allows, as a message under the id that
// the peer gave ut_pex.
func AppendPEX(b []byte, id uint8, m *PEX) []byte {
	var added, flags, dropped [2][]byte // by family: IPv4, IPv6
	for _, p := range m.Added[:min(len(m.Added), MaxPEX)] {
		f := family(p.Addr)
		added[f] = appendCompact(added[f], p.Addr)
		flags[f] = append(flags[f], byte(p.Flags))
	}
	for _, a := range m.Dropped[:min(len(m.Dropped), MaxPEX)] {
		f := family(a)
		dropped[f] = appendCompact(dropped[f], a)
	}
	b, at := startExtended(b, id)
	b = append(b, 'd')
	for _, e := range []struct {
		key   string
		value []byte
	}{
		{"5:added", added[0]}, {"7:added.f", flags[0]}, {"6:added6", added[1]}, {"8:added6.f", flags[1]},
		{"7:dropped", dropped[0]}, {"8:dropped6", dropped[1]},
	} {
		b = bencode.AppendString(append(b, e.key...), e.value)
	}
	return endExtended(append(b, 'e'), at)
}

func family(a netip.AddrPort) int {
	if a.Addr().Unmap().Is4() {
		return 0
	}
	return 1
}

func appendCompact(b []byte, a netip.AddrPort) []byte {
	b = append(b, a.Addr().Unmap().AsSlice()...)
	return binary.BigEndian.AppendUint16(b, a.Port())
}

// ParsePEX reads the body of a ut_pex message: the first MaxPEX addresses of each
// list. A list that is absent is empty, and what is left behind the last whole address of one
// is dropped; whether an address can be used is not looked at.
func ParsePEX(body []byte) (m PEX, err error) {
	d, _, err := bencode.ParsePrefixLax(body)
	if err != nil || d.Kind() != bencode.Dict {
		return m, &Error{ID: Extended, Reason: "peer exchange is not a dictionary"}
	}
	for _, keys := range [][3]string{{"added", "added.f", "dropped"}, {"added6", "added6.f", "dropped6"}} {
		size := 4 + 2
		if keys[0] == "added6" {
			size = 16 + 2
		}
		flags, _ := d.Get(keys[1]).Bytes()
		for i, a := range compact(d.Get(keys[0]), size, MaxPEX-len(m.Added)) {
			p := PEXPeer{Addr: a}
			if i < len(flags) {
				p.Flags = PEXFlags(flags[i])
			}
			m.Added = append(m.Added, p)
		}
		m.Dropped = append(m.Dropped, compact(d.Get(keys[2]), size, MaxPEX-len(m.Dropped))...)
	}
	return m, nil
}

// compact reads at most n addresses of size bytes each.
func compact(v bencode.Value, size, n int) (all []netip.AddrPort) {
	b, _ := v.Bytes()
	for ; len(b) >= size && len(all) < n; b = b[size:] {
		a, _ := netip.AddrFromSlice(b[:size-2])
		all = append(all, netip.AddrPortFrom(a, binary.BigEndian.Uint16(b[size-2:])))
	}
	return all
}
