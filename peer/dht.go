package peer

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"syscall"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/discovery/dht"
	"github.com/btgw/btgw/peer/wire"
)

// DHTConfig configures a Host's part in the DHT (BEP 5).
type DHTConfig struct {
	Bootstrap []string // nodes to begin with, as host:port
	StateFile string   // where nodes are kept over restarts; "" keeps none
}

// startDHT starts our nodes on the UDP port that has the number of the TCP port,
// or on any where that is taken and any TCP port was meant.
func (h *Host) startDHT() (err error) {
	host, port, _ := net.SplitHostPort(h.cfg.Listen)
	cfg := dht.Config{
		Network:   h.cfg.Network,
		Listen:    net.JoinHostPort(host, strconv.Itoa(h.port)),
		Bootstrap: h.cfg.DHT.Bootstrap,
		StateFile: h.cfg.DHT.StateFile,
		Other:     h.cfg.Datagrams,
		Forwarded: func() bool { _, udp := h.forwarded(); return udp != 0 },
		Contacts:  h.cfg.Contacts,
		Log:       h.log,
	}
	h.dht, err = dht.Start(cfg)
	if port == "0" && errors.Is(err, syscall.EADDRINUSE) {
		cfg.Listen = h.cfg.Listen
		h.dht, err = dht.Start(cfg)
	}
	return err
}

// DHT is our part of the DHT; nil where we take none. It ends with the Host.
func (h *Host) DHT() *dht.DHT { return h.dht }

// search begins to look in the DHT for those infohashes that are not looked for
// yet, and looks again for the others: what is to be announced may have changed.
// A torrent that turns out to be private is looked for no more (BEP 27).
func (s *Swarm) search() {
	if s.host.dht == nil {
		return
	}
	s.mu.Lock()
	before := s.searches
	private := s.info != nil && s.info.Private
	for !private && !s.closed && len(s.searches) < len(s.hashes) {
		s.searches = append(s.searches[:len(s.searches):len(s.searches)], s.host.dht.Search(dht.SearchConfig{
			InfoHash: s.hashes[len(s.searches)].Wire(),
			Port:     s.dhtPort,
			Found:    func(addrs []netip.AddrPort) { s.AddPeers(book.SourceDHT, addrs...) },
			Clients:  s.waiting,
		}))
		s.searches[len(s.searches)-1].Rest(s.idle())
	}
	if private {
		s.searches = nil
	}
	s.mu.Unlock()
	for _, x := range before {
		if private {
			x.Close()
		} else {
			x.Hurry()
		}
	}
}

// waiting are the clients that wait for the torrent.
func (s *Swarm) waiting() []netip.Prefix {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.demandNow().Clients
}

// dhtPort is the port to announce in the DHT: none until it is known that the
// torrent is not private.
func (s *Swarm) dhtPort() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil || s.info.Private {
		return 0
	}
	return s.host.announcedPort()
}

// nodePort is the UDP port at which others reach our node; 0 if they do not.
func (h *Host) nodePort() int {
	if h.dht == nil || !h.dht.Answers() {
		return 0
	}
	if _, udp := h.forwarded(); udp != 0 {
		return udp
	}
	return h.dht.Port()
}

// handshake is ours for one of the swarm's infohashes.
func (s *Swarm) handshake(hash [20]byte) wire.Handshake {
	h := wire.NewHandshake(hash, s.host.cfg.PeerID)
	if s.host.nodePort() != 0 {
		h.OfferDHT()
	}
	return h
}

// appendPort appends where our node is, for a peer that has one too (BEP 5),
// unless the torrent is private (BEP 27).
func (c *Conn) appendPort(b []byte, info *metainfo.Info) []byte {
	port := c.swarm.host.nodePort()
	if port == 0 || !c.hello.DHT() || info != nil && info.Private {
		return b
	}
	return wire.AppendPort(b, uint16(port))
}

// AddNodes makes nodes of the DHT known that a .torrent names as host:port (BEP 5). Host
// names are left out: those in use are of nodes that all of the DHT begins with.
func (s *Swarm) AddNodes(nodes []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host.dht == nil || s.closed { // the DHT ends after its swarms
		return
	}
	for _, node := range nodes {
		if addr, err := netip.ParseAddrPort(node); err == nil {
			s.host.dht.AddNode(addr)
		}
	}
}

// receivePort takes in where the peer's node is.
func (c *Conn) receivePort(port uint16) {
	if d := c.swarm.host.dht; d != nil {
		d.AddNode(netip.AddrPortFrom(c.addr.Addr(), port))
	}
}
