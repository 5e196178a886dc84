package dht

import (
	"crypto/ed25519"
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/btgw/btgw/metainfo/bencode"
)

// message is a KRPC message (BEP 5) as far as it is used here. What parseMessage
// gives aliases the packet.
type message struct {
	kind        byte // 'q', 'r' or 'e'
	transaction []byte
	readOnly    bool   // BEP 43
	seenAs      []byte // our own address in compact form (BEP 42); nil: not told

	id [20]byte // of queries and responses

	// Of queries.
	method  string // "ping", "find_node", "get_peers", "announce_peer", "get", "put", or unknownMethod
	target  []byte // of find_node and get; the infohash of the others
	port    uint16
	implied bool // the port is the packet's

	token []byte // of announce_peer, put and responses

	// Of put, and of responses to get (BEP 44).
	value  []byte // bencoded
	key    []byte // 32 bytes, nil: the item is immutable
	sig    []byte // 64 bytes
	salt   []byte
	seq    int64 // of get too
	cas    int64
	hasSeq bool
	hasCAS bool

	// Of responses.
	nodes, nodes6 []byte   // compact (BEP 5, BEP 32), whole entries
	values        [][]byte // compact, of either family

	// Of errors.
	code int64
	text []byte
}

// unknownMethod stands for all methods that are not ours, which are answered
// with error 204.
const unknownMethod = "unknown"

// Sizes of compact forms, in bytes.
const (
	peer4, peer6 = 4 + 2, 16 + 2
	node4, node6 = 20 + peer4, 20 + peer6
)

var (
	errMessage  = errors.New("dht: not a message")
	errArgument = errors.New("dht: an argument is missing")
)

// parseMessage reads a packet of at most maxPacket bytes. It takes dictionaries in any
// order and bytes after them, as some nodes send them. It ignores unknown fields and
// fields of a wrong type. The error means that a message lacks a field that its kind
// requires.
func parseMessage(b []byte) (*message, error) {
	p := messageParser{s: bencode.NewScanner(b)}
	p.s.AnyOrder = true
	if err := p.s.Dict(p.top); err != nil {
		return nil, err
	}
	m := &p.m
	if len(m.transaction) == 0 || len(m.transaction) > maxTransaction {
		return nil, errMessage
	}
	switch m.kind {
	case 'q':
		return m, p.checkQuery()
	case 'r':
		if !p.hasID {
			return nil, errArgument
		}
		return m, nil
	case 'e':
		return m, nil
	}
	return nil, errMessage
}

// messageParser gathers the fields of a message as they come: arguments come
// before the kind.
type messageParser struct {
	s     *bencode.Scanner
	m     message
	hasID bool
}

// checkQuery sees to it that a query has the arguments of its method.
func (p *messageParser) checkQuery() error {
	m := &p.m
	needsTarget := true
	switch m.method {
	case "ping":
		needsTarget = false
	case "find_node", "get_peers":
	case "announce_peer":
		if len(m.token) == 0 || m.port == 0 && !m.implied {
			return errArgument
		}
	case "get":
	case "put":
		if len(m.token) == 0 || m.value == nil || m.key != nil && (m.sig == nil || !m.hasSeq) {
			return errArgument
		}
		needsTarget = false
	default:
		m.method = unknownMethod
		needsTarget = false
	}
	if !p.hasID || needsTarget && m.target == nil {
		return errArgument
	}
	return nil
}

// top reads a field of the message.
func (p *messageParser) top(key []byte) (err error) {
	var n int64
	var b []byte
	switch string(key) {
	case "a", "r":
		if p.s.Kind() == bencode.Dict {
			err = p.s.Dict(p.argument)
		}
	case "e":
		if p.s.Kind() == bencode.List {
			err = p.s.List(p.failure)
		}
	case "ip":
		if err = p.text(&b); len(b) == peer4 || len(b) == peer6 {
			p.m.seenAs = b
		}
	case "q":
		err = p.text(&b)
		p.m.method = string(b[:min(len(b), maxErrorText)])
	case "ro":
		err = p.number(&n)
		p.m.readOnly = n == 1
	case "t":
		err = p.text(&p.m.transaction)
	case "y":
		if err = p.text(&b); len(b) == 1 {
			p.m.kind = b[0]
		}
	}
	return err
}

// argument reads a field of a query's arguments or of a response.
func (p *messageParser) argument(key []byte) (err error) {
	var n int64
	var b []byte
	switch string(key) {
	case "id":
		if err = p.text(&b); len(b) == 20 {
			p.m.id, p.hasID = [20]byte(b), true
		}
	case "info_hash", "target":
		if err = p.text(&b); len(b) == 20 {
			p.m.target = b
		}
	case "implied_port":
		err = p.number(&n)
		p.m.implied = n != 0
	case "port":
		if err = p.number(&n); n > 0 && n <= 65535 {
			p.m.port = uint16(n)
		}
	case "token":
		if err = p.text(&b); len(b) <= maxToken {
			p.m.token = b
		}
	case "v", "k", "sig", "salt", "seq", "cas":
		err = p.item(key)
	case "nodes":
		err = p.text(&b)
		p.m.nodes = whole(b, node4)
	case "nodes6":
		err = p.text(&b)
		p.m.nodes6 = whole(b, node6)
	case "values":
		if p.s.Kind() == bencode.List {
			err = p.s.List(p.value)
		}
	}
	return err
}

// item reads a field of BEP 44.
func (p *messageParser) item(key []byte) (err error) {
	var b []byte
	m := &p.m
	switch string(key) {
	case "v":
		m.value, err = p.s.Raw()
	case "k":
		if err = p.text(&b); len(b) == ed25519.PublicKeySize {
			m.key = b
		}
	case "sig":
		if err = p.text(&b); len(b) == ed25519.SignatureSize {
			m.sig = b
		}
	case "salt":
		err = p.text(&m.salt)
	case "seq":
		m.hasSeq = p.s.Kind() == bencode.Int
		err = p.number(&m.seq)
	case "cas":
		m.hasCAS = p.s.Kind() == bencode.Int
		err = p.number(&m.cas)
	}
	return err
}

// whole gives the entries of size bytes in b, those that are looked at.
func whole(b []byte, size int) []byte {
	return b[:min(len(b)/size, maxNodes)*size]
}

// value reads one peer.
func (p *messageParser) value() error {
	var b []byte
	err := p.text(&b)
	if (len(b) == peer4 || len(b) == peer6) && len(p.m.values) < maxValues {
		p.m.values = append(p.m.values, b)
	}
	return err
}

// failure reads an element of an error.
func (p *messageParser) failure() error {
	switch p.s.Kind() {
	case bencode.Int:
		return p.number(&p.m.code)
	case bencode.String:
		err := p.text(&p.m.text)
		p.m.text = p.m.text[:min(len(p.m.text), maxErrorText)]
		return err
	}
	return nil
}

// text reads a string, or leaves what is none to be skipped.
func (p *messageParser) text(dst *[]byte) (err error) {
	if p.s.Kind() == bencode.String {
		*dst, err = p.s.Bytes()
	}
	return err
}

// number reads an integer, or leaves what is none to be skipped.
func (p *messageParser) number(dst *int64) (err error) {
	if p.s.Kind() == bencode.Int {
		*dst, err = p.s.Int()
	}
	return err
}

// append encodes the message for the library. Which families a query wants is
// left out: a node of one family answers with its own.
func (m *message) append(b []byte) []byte {
	b = append(b, 'd')
	switch m.kind {
	case 'q':
		b = m.appendArguments(append(b, "1:a"...))
	case 'e':
		b = append(b, "1:el"...)
		b = bencode.AppendInt(b, m.code)
		b = append(bencode.AppendString(b, m.text), 'e')
	}
	if m.seenAs != nil {
		b = appendText(b, "ip", m.seenAs)
	}
	switch m.kind {
	case 'q':
		b = appendText(b, "q", []byte(m.method))
	case 'r':
		b = m.appendResponse(append(b, "1:r"...))
	}
	if m.readOnly {
		b = append(b, "2:roi1e"...)
	}
	b = appendText(b, "t", m.transaction)
	b = appendText(b, "y", []byte{m.kind})
	return append(b, 'e')
}

func (m *message) appendArguments(b []byte) []byte {
	b = appendText(append(b, 'd'), "id", m.id[:])
	if m.implied {
		b = append(b, "12:implied_porti1e"...)
	}
	if m.target != nil {
		// The library looks here for the target of a find_node too.
		b = appendText(b, "info_hash", m.target)
	}
	if m.port != 0 {
		b = bencode.AppendInt(append(b, "4:port"...), int64(m.port))
	}
	if m.token != nil {
		b = appendText(b, "token", m.token)
	}
	return append(b, 'e')
}

func (m *message) appendResponse(b []byte) []byte {
	b = appendText(append(b, 'd'), "id", m.id[:])
	if m.key != nil {
		b = appendText(b, "k", m.key)
	}
	if len(m.nodes) > 0 {
		b = appendText(b, "nodes", m.nodes)
	}
	if len(m.nodes6) > 0 {
		b = appendText(b, "nodes6", m.nodes6)
	}
	if m.hasSeq {
		b = bencode.AppendInt(append(b, "3:seq"...), m.seq)
	}
	if m.sig != nil {
		b = appendText(b, "sig", m.sig)
	}
	if m.token != nil {
		b = appendText(b, "token", m.token)
	}
	if m.value != nil {
		b = append(append(b, "1:v"...), m.value...)
	}
	if len(m.values) > 0 {
		b = append(b, "6:valuesl"...)
		for _, v := range m.values {
			b = bencode.AppendString(b, v)
		}
		b = append(b, 'e')
	}
	return append(b, 'e')
}

func appendText(b []byte, key string, value []byte) []byte {
	return bencode.AppendString(bencode.AppendString(b, key), value)
}

// compactAddr reads an address in compact form, IPv4 as such. It is invalid
// where the length is that of no family.
func compactAddr(b []byte) netip.AddrPort {
	if len(b) != peer4 && len(b) != peer6 {
		return netip.AddrPort{}
	}
	addr, _ := netip.AddrFromSlice(b[:len(b)-2])
	return netip.AddrPortFrom(addr.Unmap(), binary.BigEndian.Uint16(b[len(b)-2:]))
}

// compact writes an address in compact form.
func compact(a netip.AddrPort) []byte {
	return binary.BigEndian.AppendUint16(a.Addr().Unmap().AsSlice(), a.Port())
}
