package netguard

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// fakeDNS answers A queries for the given names (with their final dot), each
// query with the next of the answers and from then on with the last, and says
// for all else that there is no such record.
func fakeDNS(t *testing.T, names map[string][][]string) *net.Resolver {
	t.Helper()
	pc, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		buf := make([]byte, 512)
		for {
			n, from, err := pc.ReadFrom(buf)
			if err != nil {
				return
			}
			if answer := dnsAnswer(buf[:n], names); answer != nil {
				pc.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() { pc.Close(); <-done })
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp4", pc.LocalAddr().String())
	}}
}

// dnsAnswer builds the response to a query with one question (RFC 1035 section
// 4.1).
func dnsAnswer(query []byte, names map[string][][]string) []byte {
	const header = 12
	var name strings.Builder
	i := header
	for i < len(query) && query[i] != 0 {
		n := int(query[i])
		name.Write(query[i+1 : i+1+n])
		name.WriteByte('.')
		i += 1 + n
	}
	if i+5 > len(query) {
		return nil
	}
	question := query[header : i+5]
	var addrs []string
	if qtype := binary.BigEndian.Uint16(query[i+1:]); qtype == 1 {
		if answers := names[name.String()]; len(answers) > 0 {
			addrs = answers[0]
			names[name.String()] = answers[min(1, len(answers)-1):]
		}
	}
	out := append([]byte(nil), query[:2]...)
	out = append(out, 0x81, 0x80, 0, 1, 0, byte(len(addrs)), 0, 0, 0, 0)
	out = append(out, question...)
	for _, a := range addrs {
		out = append(out, 0xc0, header, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4) // TTL 0
		out = append(out, netip.MustParseAddr(a).AsSlice()...)
	}
	return out
}

func TestLookupNetIP(t *testing.T) {
	g := New(Policy{Resolver: fakeDNS(t, map[string][][]string{"two.test.": {{"93.184.216.34", "127.0.0.1"}}})})
	addrs, err := g.LookupNetIP(t.Context(), "ip4", "two.test")
	slices.SortFunc(addrs, netip.Addr.Compare) // they come in the order of RFC 6724
	if want := []netip.Addr{netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("127.0.0.1")}; err != nil || !slices.Equal(addrs, want) {
		t.Errorf("%v, %v, want %v", addrs, err, want)
	}
	var none *net.DNSError
	if _, err := g.LookupNetIP(t.Context(), "ip6", "two.test"); !errors.As(err, &none) || !none.IsNotFound {
		t.Errorf("a family without an address: %v", err)
	}
	if _, err := g.LookupNetIP(t.Context(), "tcp", "two.test"); err == nil {
		t.Error("a network that is none of addresses is taken")
	}
}
