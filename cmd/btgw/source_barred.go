package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/btgw/btgw/peer/netguard"
)

// findIn refuses a source that nothing tells how to find. It says at once which of its hints are not asked, because their
// addresses are on this machine or in a private network. Hosts that have names are not looked up for that.
func (s *source) findIn(settings engineSettings, guard *netguard.Guard, stderr io.Writer) error {
	if s.name != nil && !settings.dht {
		return withStatus(exitUsage, errNoDHT)
	}
	if !s.findable() && !settings.dht {
		return withStatus(exitUsage, errors.New("nothing says where its peers are, and there is no DHT: "+
			"name a tracker (--tracker URL) or a peer (--peer HOST:PORT), or use a magnet link that does"))
	}
	hints := s.places()
	var barred []string
	for _, hint := range hints {
		if addr, ok := addressOf(hint); ok && guard.Check(addr) != nil {
			barred = append(barred, printable(hint))
		}
	}
	if len(barred) == 0 {
		return nil
	}
	said := fmt.Sprintf("not asked, since only --allow-private permits addresses of this machine and of private networks: %s", strings.Join(barred, ", "))
	if len(barred) == len(hints) && !settings.dht {
		return withStatus(exitUsage, errors.New(said))
	}
	fmt.Fprintf(stderr, "btgw: %s\n", said)
	return nil
}

// sayPrivate adds to an error what would permit an address that was refused.
func sayPrivate(err error) error {
	var refused *netguard.ForbiddenError
	if errors.As(err, &refused) && netguard.New(netguard.Policy{AllowPrivate: true}).Check(refused.Addr) == nil {
		return fmt.Errorf("%w: only --allow-private permits addresses of this machine and of private networks", err)
	}
	return err
}

// places are the trackers, peers and servers that a source names.
func (s *source) places() []string {
	h := &s.hints
	all := slices.Concat(h.Trackers, h.Peers, h.WebSeeds, h.Torrents)
	if s.torrent != nil {
		all = append(slices.Concat(all, slices.Concat(s.torrent.Trackers...)), s.torrent.WebSeeds...)
	}
	return all
}

// addressOf is the address of a URL or host:port; false where the host has a name. Without a port it is that of HTTP.
func addressOf(hint string) (netip.AddrPort, bool) {
	host, port := hint, ""
	if u, err := url.Parse(hint); err == nil && u.Host != "" {
		host, port = u.Hostname(), u.Port()
	} else if h, p, err := net.SplitHostPort(hint); err == nil {
		host, port = h, p
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		n = 80
	}
	if strings.EqualFold(host, "localhost") {
		host = "127.0.0.1"
	}
	addr, err := netip.ParseAddr(host)
	return netip.AddrPortFrom(addr, uint16(n)), err == nil
}
