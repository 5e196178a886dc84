package clients

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
)

// DHT is a distributed hash table (BEP 5, BEP 32) of its own: nodes of libtorrent on
// loopback that know each other and nobody else.
type DHT struct {
	l     *Libtorrent // the process that they are in
	addrs []string
}

// StartDHT starts that many nodes on 127.0.0.1, and waits until each knows some others.
func StartDHT(tb testing.TB, nodes int) *DHT {
	tb.Helper()
	return startDHT(tb, nodes, "127.0.0.1")
}

// StartDHT6 is StartDHT on ::1.
func StartDHT6(tb testing.TB, nodes int) *DHT {
	tb.Helper()
	return startDHT(tb, nodes, "::1")
}

func startDHT(tb testing.TB, nodes int, host string) *DHT {
	tb.Helper()
	d := &DHT{l: StartLibtorrent(tb, LibtorrentOptions{})}
	var ports []int
	d.l.do(map[string]any{"op": "nodes_start", "count": nodes, "host": host}, &ports)
	for _, p := range ports {
		d.addrs = append(d.addrs, net.JoinHostPort(host, strconv.Itoa(p)))
	}
	enough := min(nodes-1, minKnown)
	for end := time.Now().Add(readyTimeout); ; time.Sleep(pollInterval) {
		var known []int
		d.l.do(map[string]any{"op": "nodes_known"}, &known)
		least := nodes
		for _, n := range known {
			least = min(least, n)
		}
		if least >= enough {
			return d
		}
		if time.Now().After(end) {
			tb.Fatalf("nodes of a DHT know %v others", known)
		}
	}
}

// Addrs gives where the nodes are, "host:port" of UDP.
func (d *DHT) Addrs() []string { return d.addrs }

// JoinDHT makes a client that was started with the setting enable_dht part of a
// DHT, and announces there the torrent that it was given last.
func (l *Libtorrent) JoinDHT(d *DHT) {
	l.process.tb.Helper()
	l.do(map[string]any{"op": "dht_add", "node": d.addrs[0]}, nil)
	l.do(map[string]any{"op": "dht_announce", "index": l.last()}, nil)
}

// KnowNode makes a client that was started with the setting enable_dht know a node,
// "host:port" of UDP.
func (l *Libtorrent) KnowNode(addr string) {
	l.process.tb.Helper()
	l.do(map[string]any{"op": "dht_add", "node": addr}, nil)
}

// PutItem begins to put a text into the DHT as a mutable item (BEP 44), under the next
// sequence number.
func (l *Libtorrent) PutItem(key ed25519.PrivateKey, salt []byte, text string) {
	l.process.tb.Helper()
	expanded := sha512.Sum512(key.Seed()) // what libtorrent calls a private key
	expanded[0] &= 248
	expanded[31] = expanded[31]&63 | 64
	l.do(map[string]any{"op": "item_put", "private": hex.EncodeToString(expanded[:]), "public": hex.EncodeToString(key[32:]), "salt": hex.EncodeToString(salt), "text": text}, nil)
}

// GetItem gets a mutable item from the DHT, as libtorrent prints it: a string in single
// quotes, a dictionary as { 'key': 'value' }. Where nobody has one seq is 0.
func (l *Libtorrent) GetItem(key ed25519.PublicKey, salt []byte) (text string, seq int64) {
	l.process.tb.Helper()
	var item struct {
		Seq  int64  `json:"seq"`
		Text string `json:"text"`
	}
	l.do(map[string]any{"op": "item_get", "public": hex.EncodeToString(key), "salt": hex.EncodeToString(salt)}, &item)
	return item.Text, item.Seq
}

// Named gives a .torrent that names the nodes (BEP 5).
func (d *DHT) Named(p *Payload) []byte {
	nodes := "5:nodesl"
	for _, addr := range d.addrs {
		at := netip.MustParseAddrPort(addr)
		host := at.Addr().String()
		nodes += fmt.Sprintf("l%d:%si%dee", len(host), host, at.Port())
	}
	end := bytes.Index(p.Torrent, p.Info.Raw()) + len(p.Info.Raw())
	return slices.Concat(p.Torrent[:end], []byte(nodes+"e"), p.Torrent[end:])
}

// DHTPeers asks a node for the peers of an infohash, and gives those that it
// knows itself, "host:port" each; none if it does not answer.
func DHTPeers(tb testing.TB, node string, hash [20]byte) (peers []string) {
	tb.Helper()
	conn, err := net.Dial("udp", node)
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close()
	query := "d1:ad2:id20:a test, asking nodes9:info_hash20:" + string(hash[:]) + "e1:q9:get_peers2:roi1e1:t2:aa1:y1:qe"
	if _, err := conn.Write([]byte(query)); err != nil {
		tb.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(nodeTimeout))
	b := make([]byte, 4096)
	n, err := conn.Read(b)
	if err != nil {
		return nil
	}
	answer, err := bencode.Parse(b[:n])
	if err != nil {
		tb.Fatalf("%s answers %q: %v", node, b[:n], err)
	}
	for v := range answer.Get("r").Get("values").List() {
		c, _ := v.Bytes()
		if n := len(c) - 2; n == 4 || n == 16 {
			ip, _ := netip.AddrFromSlice(c[:n])
			peers = append(peers, netip.AddrPortFrom(ip, binary.BigEndian.Uint16(c[n:])).String())
		}
	}
	return peers
}
