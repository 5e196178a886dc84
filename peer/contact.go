package peer

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/contact"
)

// mayTurnTo counts a dial of an address against its network. It shares that count with all
// other contacts of the process with hosts that strangers name, since anybody can name
// peers: in URLs, by trackers and by PEX. It returns how long to wait, 0 if the dial may be
// made. It does not count local networks, where all peers may be.
func (h *Host) mayTurnTo(addr netip.Addr) time.Duration {
	if !book.Subnet(addr).IsValid() {
		return 0
	}
	return h.cfg.Contacts.Try(turn(addr))
}

// turnTo is mayTurnTo for a dial that goes on with another one: it waits.
func (h *Host) turnTo(ctx context.Context, addr netip.Addr) error {
	if !book.Subnet(addr).IsValid() {
		return nil
	}
	_, err := h.cfg.Contacts.Enter(ctx, turn(addr))
	return err
}

// turn is a contact that is counted against the network alone: dials have shares of their
// own by client and torrent (allot.go).
func turn(addr netip.Addr) contact.Ask {
	return contact.Ask{Keys: []contact.Key{contact.Net(addr)}, Counted: true, Begun: true, Reader: true}
}

// connectTo dials an entry. A name is looked up, and its addresses turned to, as the gate
// lets it.
func (s *Swarm) connectTo(ctx context.Context, e *book.Entry, hash [20]byte) (net.Conn, error) {
	if e.Name == "" {
		return s.host.cfg.Network.DialContext(ctx, "tcp", e.Target())
	}
	d := &contact.Dialer{Network: s.host.cfg.Network, Gate: s.host.cfg.Contacts}
	d.Ask = contact.Ask{Clients: s.waiting(), Torrent: hash, Reader: true}
	return d.DialContext(ctx, "tcp", e.Target())
}
