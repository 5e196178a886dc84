package attacks

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"

	"github.com/btgw/btgw/metainfo/bencode"
)

const (
	dhtPort  = 7010
	dhtNodes = 16
)

// dhtAddr gives address number n of the attackers' nodes of the DHT.
func dhtAddr(n int) string { return hostileAddr(9000 + n) }

// startDHT starts nodes of the DHT that say of every torrent that its peers, and the nodes which
// know more, are at one address.
func startDHT(t testing.TB, victim string) {
	t.Helper()
	g := newGroup(t)
	for n := range dhtNodes {
		pc, err := net.ListenPacket("udp4", fmt.Sprintf("%s:%d", dhtAddr(n), dhtPort))
		if err != nil {
			t.Fatal(err)
		}
		context.AfterFunc(g.ctx, func() { pc.Close() })
		g.Go(func() {
			id := nodeID(netip.MustParseAddr(dhtAddr(n)))
			b := make([]byte, 2048)
			for {
				size, from, err := pc.ReadFrom(b)
				if err != nil {
					return
				}
				if answer := dhtAnswer(b[:size], id, netip.MustParseAddr(victim)); answer != nil {
					_, _ = pc.WriteTo(answer, from)
				}
			}
		})
	}
}

// dhtAnswer is the answer to a query (BEP 5); nil to what is none.
func dhtAnswer(query []byte, id string, victim netip.Addr) []byte {
	var transaction []byte
	var asks string
	s := bencode.NewScanner(query)
	err := s.Dict(func(key []byte) (err error) {
		var v []byte
		switch string(key) {
		case "t":
			transaction, err = s.Bytes()
		case "q":
			v, err = s.Bytes()
			asks = string(v)
		}
		return err
	})
	if err != nil || asks == "" {
		return nil
	}
	var nodes, port []byte
	for n := range 8 {
		addr := netip.MustParseAddr(dhtAddr(rand.IntN(dhtNodes)))
		node := netip.AddrPortFrom(addr, dhtPort)
		if n >= 2 { // the others are the victim's
			node = netip.AddrPortFrom(victim, uint16(1024+rand.IntN(60000)))
		}
		nodes = append(nodes, nodeID(node.Addr())...)
		nodes = append(nodes, node.Addr().AsSlice()...)
		nodes = binary.BigEndian.AppendUint16(nodes, node.Port())
	}
	var values []any
	for range 50 {
		port = binary.BigEndian.AppendUint16(victim.AsSlice(), uint16(1024+rand.IntN(60000)))
		values = append(values, string(port))
	}
	answer := map[string]any{"id": id, "nodes": string(nodes)}
	if asks == "get_peers" {
		answer["token"], answer["values"] = "x", values
	}
	b, err := bencode.Append(nil, map[string]any{"t": string(transaction), "y": "r", "r": answer})
	if err != nil {
		return nil
	}
	return b
}

// nodeID is an id that a node at an address may have (BEP 42).
func nodeID(addr netip.Addr) string {
	ip := addr.As4()
	for i, mask := range [4]byte{0x03, 0x0f, 0x3f, 0xff} {
		ip[i] &= mask
	}
	random := byte(rand.IntN(8))
	ip[0] |= random << 5
	sum := crc32.Checksum(ip[:], crc32.MakeTable(crc32.Castagnoli))
	id := make([]byte, 20)
	for i := range id {
		id[i] = byte(rand.IntN(256))
	}
	id[0], id[1], id[2] = byte(sum>>24), byte(sum>>16), byte(sum>>8)&0xf8|id[2]&7
	id[19] = random
	return string(id)
}

// dhtReflector asks for torrents whose peers the attackers' nodes of the DHT name.
func dhtReflector(ctx context.Context, a *arena) string {
	victim := victimAddr(20)
	startDHT(a.t, victim)
	s := newStranger(strangerAddr(1))
	every(ctx, 20, func(int) { s.ask(ctx, "GET", junk(), 0) })
	second, total := a.meter.of(netip.MustParseAddr(victim))
	return fmt.Sprintf("%v, %d contacts, %d in a second", s.answers, total, second)
}
