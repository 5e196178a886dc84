package discovery

import (
	"bytes"
	"math"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"github.com/btgw/btgw/metainfo/bencode"
)

// peers reads a list of peers in any of its forms. It may be a string of compact
// addresses of that size, or a list of dictionaries, pairs or texts. In place of a list
// there may be a dictionary with numbers for keys, as PHP writes one.
func (p *answerParser) peers(size int) error {
	switch p.s.Kind() {
	case bencode.String:
		b, err := p.s.Bytes()
		p.a.peers = appendCompact(p.a.peers, b, size)
		return err
	case bencode.List:
		return p.s.List(p.peer)
	case bencode.Dict:
		return p.s.Dict(func([]byte) error { return p.peer() })
	}
	return nil
}

// peer reads one entry of a list of peers; what is none is left to be skipped.
func (p *answerParser) peer() error {
	if p.seen++; p.seen > maxEntries {
		return nil
	}
	var host, port []byte
	number := int64(-1)
	var err error
	switch p.s.Kind() {
	case bencode.Dict:
		err = p.s.Dict(func(key []byte) error {
			switch string(key) {
			case "ip", "ipv4", "ipv6":
				return p.bytes(&host)
			case "port":
				return p.number(&number)
			}
			return nil
		})
	case bencode.List: // address and port
		i := 0
		err = p.s.List(func() error {
			if i++; i == 1 {
				return p.bytes(&host)
			} else if i == 2 {
				return p.number(&number)
			}
			return nil
		})
	case bencode.String: // host:port, or one compact address
		err = p.bytes(&host)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	if number < 0 {
		if host, port = splitPort(host); port == nil {
			p.compactPeer(host)
			return nil
		}
		number, _ = digits(port)
	}
	p.take(host, number)
	return nil
}

// bytes reads a string.
func (p *answerParser) bytes(dst *[]byte) error {
	if p.s.Kind() != bencode.String {
		return nil
	}
	b, err := p.s.Bytes()
	*dst = b
	return err
}

// splitPort takes the port off a text host:port; nil where it has none.
func splitPort(b []byte) (host, port []byte) {
	i := bytes.LastIndexByte(b, ':')
	if i < 0 || len(b)-i > len(":65535") || len(b) > maxHostName+len("[]:65535") {
		return b, nil
	}
	if n, err := strconv.ParseUint(string(b[i+1:]), 10, 16); err != nil || n == 0 {
		return b, nil
	}
	if bytes.Count(b[:i], []byte(":")) > 0 && (b[0] != '[' || b[i-1] != ']') {
		return b, nil // an IPv6 address without a port
	}
	return b[:i], b[i+1:]
}

// compactPeer takes one address in compact form.
func (p *answerParser) compactPeer(b []byte) {
	if len(b) == compact4 || len(b) == compact6 {
		p.a.peers = appendCompact(p.a.peers, b, len(b))
	}
}

// take takes a peer whose host is an address as text or as bytes, or a name.
func (p *answerParser) take(host []byte, port int64) {
	if port <= 0 || port > math.MaxUint16 {
		return
	}
	text := strings.Trim(string(host[:min(len(host), maxHostName+1)]), " []")
	addr, err := netip.ParseAddr(text)
	if raw, ok := netip.AddrFromSlice(host); err != nil && ok && !strings.Contains(text, ".") {
		addr, err = raw, nil
	}
	switch {
	case err == nil && len(p.a.peers) >= maxPeers:
	case err == nil:
		p.a.peers = appendPeer(p.a.peers, addr, uint16(port))
	case plainName(text) && len(p.a.names) < maxPeerNames:
		p.a.names = append(p.a.names, net.JoinHostPort(text, strconv.FormatInt(port, 10)))
	}
}

// plainName reports whether a text may be looked up as a host name: labels of letters,
// digits and hyphens, the last of which is no number.
func plainName(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if s == "" || len(s) > maxHostName {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, nameBytes) != "" {
			return false
		}
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return strings.Trim(last, "0123456789") != ""
}

// nameBytes are what a host name is made of.
const nameBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
