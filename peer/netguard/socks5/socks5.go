// Package socks5 is the client's part of SOCKS 5 (RFC 1928), with a user and a password
// (RFC 1929): connections and datagrams that a proxy passes on.
//
// Destinations are addresses, never names: the caller has checked them before.
package socks5

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// User names us to a proxy. The zero User has no name, and is let in only where none is needed.
type User struct{ Name, Password string }

// MaxUser bounds a name and a password, in bytes each (RFC 1929 section 2).
const MaxUser = 255

const (
	version     = 5
	authVersion = 1

	noUser       = 0
	withPassword = 2

	connect   = 1
	associate = 3

	addrV4   = 1
	addrName = 3
	addrV6   = 4
)

// ErrUser says that the proxy does not let us in: it wants a user that we have not, or refuses ours.
var ErrUser = errors.New("socks5: the proxy wants another user or password")

// errProtocol says that what answers does not speak SOCKS 5.
var errProtocol = errors.New("socks5: this is no SOCKS 5 proxy")

// A ReplyError is the proxy's refusal of a command (RFC 1928 section 6).
type ReplyError struct{ Code byte }

var replies = [...]struct {
	text  string
	errno syscall.Errno
}{
	1: {text: "general failure"},
	2: {text: "not allowed by its rules", errno: syscall.EACCES},
	3: {text: "network unreachable", errno: syscall.EHOSTUNREACH}, // its network, not ours
	4: {text: "host unreachable", errno: syscall.EHOSTUNREACH},
	5: {text: "connection refused", errno: syscall.ECONNREFUSED},
	6: {text: "TTL expired", errno: syscall.EHOSTUNREACH},
	7: {text: "command not supported"},
	8: {text: "address type not supported", errno: syscall.EHOSTUNREACH},
}

// Error implements error.
func (e *ReplyError) Error() string {
	if int(e.Code) < len(replies) && replies[e.Code].text != "" {
		return "socks5: the proxy says: " + replies[e.Code].text
	}
	return fmt.Sprintf("socks5: the proxy says: error %d", e.Code)
}

// Unwrap gives the system's error for the same.
func (e *ReplyError) Unwrap() error {
	if int(e.Code) < len(replies) && replies[e.Code].errno != 0 {
		return replies[e.Code].errno
	}
	return nil
}

// Connect has the proxy at the other end of nc connect it to an address. When ctx ends first, nc is of no
// use any more.
func Connect(ctx context.Context, nc net.Conn, u User, to netip.AddrPort) error {
	_, err := command(ctx, nc, u, connect, to)
	return err
}

// Associate has the proxy pass datagrams on for as long as nc is open. It returns where to send them;
// the address is unspecified where that is the proxy's own.
func Associate(ctx context.Context, nc net.Conn, u User) (relay netip.AddrPort, err error) {
	return command(ctx, nc, u, associate, netip.AddrPortFrom(netip.IPv4Unspecified(), 0))
}

// command shakes hands, and has one command carried out.
func command(ctx context.Context, nc net.Conn, u User, code byte, to netip.AddrPort) (bound netip.AddrPort, err error) {
	stop := context.AfterFunc(ctx, func() { _ = nc.SetDeadline(time.Unix(1, 0)) })
	defer func() {
		if !stop() && err == nil {
			err = ctx.Err()
		}
		if cause := ctx.Err(); cause != nil && err != nil {
			err = cause
		}
	}()
	if err := greet(nc, u); err != nil {
		return bound, err
	}
	if _, err := nc.Write(AppendAddr([]byte{version, code, 0}, to)); err != nil {
		return bound, err
	}
	var head [3]byte
	if _, err := io.ReadFull(nc, head[:]); err != nil {
		return bound, hungUp(err)
	}
	switch {
	case head[0] != version:
		return bound, errProtocol
	case head[1] != 0:
		return bound, &ReplyError{head[1]}
	}
	return readAddr(nc)
}

// greet agrees on how we say who we are, and says it.
func greet(nc net.Conn, u User) error {
	methods := []byte{version, 1, noUser}
	if u != (User{}) {
		methods = []byte{version, 2, noUser, withPassword}
	}
	if _, err := nc.Write(methods); err != nil {
		return err
	}
	var answer [2]byte
	if _, err := io.ReadFull(nc, answer[:]); err != nil {
		return hungUp(err)
	}
	switch {
	case answer[0] != version:
		return errProtocol
	case answer[1] == noUser:
		return nil
	case answer[1] != withPassword || u == (User{}):
		return ErrUser
	}
	hello := append([]byte{authVersion, byte(len(u.Name))}, u.Name...)
	hello = append(append(hello, byte(len(u.Password))), u.Password...)
	if _, err := nc.Write(hello); err != nil {
		return err
	}
	if _, err := io.ReadFull(nc, answer[:]); err != nil {
		return hungUp(err)
	}
	if answer[1] != 0 {
		return ErrUser
	}
	return nil
}

// hungUp says of an end in the midst of an answer that it is one.
func hungUp(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("socks5: the proxy hung up: %w", io.ErrUnexpectedEOF)
	}
	return err
}

// readAddr reads the address of a reply. A proxy may give a name: then the address is unspecified.
func readAddr(r io.Reader) (netip.AddrPort, error) {
	var b [1 + 255 + 2]byte
	if _, err := io.ReadFull(r, b[:2]); err != nil { // a name's length, or the first byte of an address
		return netip.AddrPort{}, hungUp(err)
	}
	size := addrSize(b[:2])
	if size < 0 {
		return netip.AddrPort{}, errProtocol
	}
	whole := make([]byte, size)
	copy(whole, b[:2])
	if _, err := io.ReadFull(r, whole[2:]); err != nil {
		return netip.AddrPort{}, hungUp(err)
	}
	addr, _, ok := cutAddr(whole)
	if !ok {
		addr = netip.AddrPortFrom(netip.IPv4Unspecified(), binary.BigEndian.Uint16(whole[size-2:]))
	}
	return addr, nil
}

// addrSize returns the length of an address that begins with two bytes, its port included; -1: there
// is no such kind.
func addrSize(b []byte) int {
	switch b[0] {
	case addrV4:
		return 1 + 4 + 2
	case addrV6:
		return 1 + 16 + 2
	case addrName:
		return 1 + 1 + int(b[1]) + 2
	}
	return -1
}

// AppendAddr appends an address as requests and datagrams have it.
func AppendAddr(dst []byte, to netip.AddrPort) []byte {
	addr := to.Addr().Unmap()
	if addr.Is4() {
		dst = append(dst, addrV4)
	} else {
		dst = append(dst, addrV6)
	}
	dst = append(dst, addr.AsSlice()...)
	return binary.BigEndian.AppendUint16(dst, to.Port())
}

// cutAddr takes an address off the front of b; false where there is none, or it is a name.
func cutAddr(b []byte) (addr netip.AddrPort, rest []byte, ok bool) {
	if len(b) < 2 || b[0] == addrName {
		return addr, nil, false
	}
	size := addrSize(b)
	if size < 0 || len(b) < size {
		return addr, nil, false
	}
	ip, _ := netip.AddrFromSlice(b[1 : size-2])
	return netip.AddrPortFrom(ip.Unmap(), binary.BigEndian.Uint16(b[size-2:])), b[size:], true
}

// MaxHeader is how much longer datagrams to and from the relay are than what they carry, in bytes.
const MaxHeader = 3 + 1 + 16 + 2

// AppendDatagram appends a datagram for the relay: payload, and where it goes (RFC 1928 section 7).
func AppendDatagram(dst, payload []byte, to netip.AddrPort) []byte {
	return append(AppendAddr(append(dst, 0, 0, 0), to), payload...)
}

// ParseDatagram gives what a datagram of the relay carries, as a part of it, and where that is from. It
// refuses fragments, and names.
func ParseDatagram(b []byte) (payload []byte, from netip.AddrPort, ok bool) {
	if len(b) < 3 || b[2] != 0 {
		return nil, from, false
	}
	from, payload, ok = cutAddr(b[3:])
	return payload, from, ok
}
