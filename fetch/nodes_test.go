package fetch

import (
	"bytes"
	"context"
	"net"
	"testing"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/netguard"
)

// The nodes of the DHT that a .torrent names are asked (BEP 5): when its torrent begins, and when
// it is uploaded for one that is in use. Those of a private torrent are not (BEP 27).
func TestNodesOfATorrent(t *testing.T) {
	listen := func() *net.UDPConn {
		c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	begins, uploaded, private := listen(), listen(), listen()
	host, err := peer.NewHost(peer.HostConfig{
		Network: netguard.New(netguard.Policy{AllowPrivate: true}), Listen: "127.0.0.1:0", DHT: &peer.DHTConfig{},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close(t.Context())
	store, err := cache.Open(cache.Config{MemoryBytes: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s, err := NewSession(Config{Host: host, Store: store, Pool: cache.NewPool(1 << 20)})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close(context.Background())
	named := func(at *net.UDPConn, opts metainfo.MakeOptions) *metainfo.Torrent {
		opts.Version = metainfo.V1
		mt := make1(t, opts)
		mt.Nodes = []string{"node.example:6881", "nonsense", at.LocalAddr().String()}
		return mt
	}
	asked := func(at *net.UDPConn, patience time.Duration) bool {
		b := make([]byte, 1500)
		_ = at.SetReadDeadline(time.Now().Add(patience))
		n, _, err := at.ReadFrom(b)
		return err == nil && bytes.Contains(b[:n], []byte("1:q4:ping"))
	}
	mt := named(begins, metainfo.MakeOptions{})
	if _, err := s.Add(t.Context(), named(private, metainfo.MakeOptions{Private: true, Source: "p"})); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Add(t.Context(), mt); err != nil {
		t.Fatal(err)
	}
	if !asked(begins, 30*time.Second) {
		t.Error("its nodes are not asked when it begins")
	}
	again := *mt
	again.Nodes = []string{uploaded.LocalAddr().String()}
	if _, err := s.Add(t.Context(), &again); err != nil {
		t.Fatal(err)
	}
	if !asked(uploaded, 30*time.Second) {
		t.Error("its nodes are not asked when it is uploaded again")
	}
	if asked(private, 50*time.Millisecond) {
		t.Error("the nodes of a private torrent are asked")
	}
}
