package discovery

import (
	"net/netip"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/netguard"
)

// An Announcer is shared by the trackers of all torrents of a process. It has the gate
// that bounds contacts with each host, one UDP socket a family, and the connection ids of
// UDP trackers. All methods are safe for concurrent use. It has one reader goroutine a
// socket.
type Announcer struct {
	network    netguard.Network
	gate       *contact.Gate
	udp4, udp6 *udpSocket
	ids        *lru.Cache[netip.AddrPort, *udpTracker]

	mu      sync.Mutex
	clients map[netip.Prefix]int // trackers that each has named, over all torrents
}

// NewAnnouncer returns an Announcer whose traffic goes through n, as g lets it.
func NewAnnouncer(n netguard.Network, g *contact.Gate) *Announcer {
	ids, _ := lru.New[netip.AddrPort, *udpTracker](maxUDPTrackers) // the size is above zero: no error
	return &Announcer{
		network: n, gate: g, ids: ids, clients: make(map[netip.Prefix]int),
		udp4: newUDPSocket(n, "udp4"), udp6: newUDPSocket(n, "udp6"),
	}
}

// Close closes the sockets and waits for their readers. All Trackers have been closed.
func (a *Announcer) Close() {
	a.udp4.close()
	a.udp6.close()
}

// socket is the one that sends to an address.
func (a *Announcer) socket(to netip.AddrPort) *udpSocket {
	if to.Addr().Is4() {
		return a.udp4
	}
	return a.udp6
}

// udpTracker is what all torrents know of the UDP tracker at an address.
func (a *Announcer) udpTracker(at netip.AddrPort) *udpTracker {
	t := &udpTracker{}
	if known, ok, _ := a.ids.PeekOrAdd(at, t); ok {
		a.ids.Get(at) // used just now
		return known
	}
	return t
}

// hint counts a tracker that a client has named, and reports whether it may.
func (a *Announcer) hint(client netip.Prefix) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.clients[client] >= maxClientTrackers {
		return false
	}
	a.clients[client]++
	return true
}

// forget takes that back.
func (a *Announcer) forget(client netip.Prefix) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.clients[client]--; a.clients[client] <= 0 {
		delete(a.clients, client)
	}
}
