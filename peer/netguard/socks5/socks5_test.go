package socks5

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"syscall"
	"testing"
)

var target = netip.MustParseAddrPort("20.1.2.3:6881")

// script is a proxy that reads and says what it is told: each line is "> " and what it expects, or "< " and what it answers.
func script(t *testing.T, lines ...string) net.Conn {
	t.Helper()
	ours, its := net.Pipe()
	done := make(chan struct{})
	t.Cleanup(func() { ours.Close(); its.Close(); <-done })
	go func() {
		defer close(done)
		defer its.Close()
		for _, line := range lines {
			text := line[2:]
			if line[0] == '<' {
				if _, err := its.Write([]byte(text)); err != nil {
					return
				}
				continue
			}
			got := make([]byte, len(text))
			if _, err := io.ReadFull(its, got); err != nil || string(got) != text {
				t.Errorf("the proxy got %q in place of %q: %v", got, text, err)
				return
			}
		}
	}()
	return ours
}

func TestConnect(t *testing.T) {
	const (
		hello   = "> \x05\x01\x00"
		either  = "> \x05\x02\x00\x02"
		request = "> \x05\x01\x00\x01\x14\x01\x02\x03\x1a\xe1"
		user    = "> \x01\x04user\x04pass"
		done    = "< \x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"
	)
	known := User{"user", "pass"}
	for _, c := range []struct {
		name  string
		user  User
		lines []string
		fails func(error) bool
	}{
		{"no user", User{}, []string{hello, "< \x05\x00", request, done}, nil},
		{"a user", known, []string{either, "< \x05\x02", user, "< \x01\x00", request, done}, nil},
		{"a user that is not asked for", known, []string{either, "< \x05\x00", request, done}, nil},
		{"a name in the reply", User{}, []string{hello, "< \x05\x00", request, "< \x05\x00\x00\x03\x02ab\x00\x01"}, nil},
		{"another user", known, []string{either, "< \x05\x02", user, "< \x01\x01"}, func(err error) bool { return errors.Is(err, ErrUser) }},
		{"a user is wanted", User{}, []string{hello, "< \x05\xff"}, func(err error) bool { return errors.Is(err, ErrUser) }},
		{"a user is asked for that was not offered", User{}, []string{hello, "< \x05\x02"}, func(err error) bool { return errors.Is(err, ErrUser) }},
		{"refused", User{}, []string{hello, "< \x05\x00", request, "< \x05\x05\x00\x01\x00\x00\x00\x00\x00\x00"}, func(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }},
		{"an unknown error", User{}, []string{hello, "< \x05\x00", request, "< \x05\x63\x00"}, func(err error) bool { return strings.Contains(err.Error(), "error 99") }},
		{"it hangs up", User{}, []string{hello, "< \x05\x00", request, "< \x05"}, func(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		{"no proxy", User{}, []string{hello, "< HT"}, func(err error) bool { return errors.Is(err, errProtocol) }},
		{"no address", User{}, []string{hello, "< \x05\x00", request, "< \x05\x00\x00\x07\x00"}, func(err error) bool { return errors.Is(err, errProtocol) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Connect(t.Context(), script(t, c.lines...), c.user, target)
			if (err == nil) != (c.fails == nil) || err != nil && !c.fails(err) {
				t.Errorf("%v", err)
			}
		})
	}
}

// A context that ends says so, whatever the connection says: here the proxy has read our greeting, and does not answer.
func TestConnectEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ours, its := net.Pipe()
	defer ours.Close()
	read := make(chan error, 1)
	go func() {
		_, err := io.ReadFull(its, make([]byte, 3))
		read <- err
		cancel()
	}()
	if err := Connect(ctx, ours, User{}, target); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := <-read; err != nil {
		t.Errorf("the proxy: %v", err)
	}
}

func TestAssociate(t *testing.T) {
	nc := script(t, "> \x05\x01\x00", "< \x05\x00", "> \x05\x03\x00\x01\x00\x00\x00\x00\x00\x00",
		"< \x05\x00\x00\x04\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x04\x38")
	relay, err := Associate(t.Context(), nc, User{})
	if err != nil || relay != netip.MustParseAddrPort("[2001:db8::1]:1080") {
		t.Errorf("%v, %v", relay, err)
	}
}

func TestDatagram(t *testing.T) {
	for _, to := range []string{"20.1.2.3:6881", "[2001:db8::1]:9", "[::ffff:1.2.3.4]:5"} {
		addr := netip.MustParseAddrPort(to)
		b := AppendDatagram(nil, []byte("ping"), addr)
		payload, from, ok := ParseDatagram(b)
		if want := netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port()); !ok || from != want || string(payload) != "ping" {
			t.Errorf("%s: %q of %v, %v", to, payload, from, ok)
		}
		if len(b) > MaxHeader+4 {
			t.Errorf("%s: a header of %d bytes", to, len(b)-4)
		}
	}
	for _, b := range []string{"", "\x00\x00", "\x00\x00\x01\x01\x01\x02\x03\x04\x00\x05x", "\x00\x00\x00\x01\x01\x02\x03\x04\x00", "\x00\x00\x00\x03\x01a\x00\x05x", "\x00\x00\x00\x09\x01"} {
		if _, _, ok := ParseDatagram([]byte(b)); ok {
			t.Errorf("%q is a datagram", b)
		}
	}
}

// What a proxy answers is read without a panic; an address is the same again.
func FuzzReply(f *testing.F) {
	f.Add([]byte("\x01\x14\x01\x02\x03\x1a\xe1rest"))
	f.Add([]byte("\x03\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		addr, err := readAddr(bytes.NewReader(b))
		if err != nil {
			return
		}
		if again, err := readAddr(bytes.NewReader(AppendAddr(nil, addr))); err != nil || again != addr {
			t.Errorf("%q became %v, and that %v: %v", b, addr, again, err)
		}
	})
}

// A datagram that is one is the same again.
func FuzzDatagram(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x01\x14\x01\x02\x03\x1a\xe1hello"))
	f.Fuzz(func(t *testing.T, b []byte) {
		payload, from, ok := ParseDatagram(b)
		if !ok {
			return
		}
		again, of, ok := ParseDatagram(AppendDatagram(nil, payload, from))
		if !ok || of != from || !bytes.Equal(again, payload) {
			t.Errorf("%q of %v became %q of %v", payload, from, again, of)
		}
	})
}
