package main

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// demoTracker is an HTTP tracker (BEP 3, compact answers of BEP 23 and BEP 7) for the torrents of the demo. It forgets a peer
// that says "stopped", and never one that falls silent: it lives as long as the demo.
type demoTracker struct {
	mu     sync.Mutex
	swarms map[string]map[netip.AddrPort]bool // raw infohash → address → whether it has everything
}

const (
	trackerInterval = 30 * time.Second // told to peers
	trackerPeers    = 50               // most addresses in an answer
)

// newDemoTracker tracks the torrents with the given infohashes and no others.
func newDemoTracker(infohashes []metainfo.InfoHash) *demoTracker {
	t := &demoTracker{swarms: make(map[string]map[netip.AddrPort]bool)}
	for _, h := range infohashes {
		wire := h.Wire()
		t.swarms[string(wire[:])] = make(map[netip.AddrPort]bool)
	}
	return t
}

// ServeHTTP answers an announce.
func (t *demoTracker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	peer, err := announcedAddress(r.RemoteAddr, q.Get("port"))
	if err != nil {
		trackerFailure(w, err.Error())
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	swarm, ok := t.swarms[q.Get("info_hash")]
	switch {
	case !ok:
		trackerFailure(w, "unregistered torrent")
		return
	case q.Get("event") == "stopped":
		delete(swarm, peer)
	default:
		swarm[peer] = q.Get("left") == "0"
	}
	writeSwarm(w, swarm, peer)
}

// announcedAddress returns the address at which an announcing peer takes connections: the address that it
// came from, at the port that it names.
func announcedAddress(remote, port string) (netip.AddrPort, error) {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return netip.AddrPort{}, err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port %q is not a number", port)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(number)), nil
}

// writeSwarm answers with the addresses of swarm, but for that of the one who asks.
func writeSwarm(w http.ResponseWriter, swarm map[netip.AddrPort]bool, asker netip.AddrPort) {
	var peers, peers6 strings.Builder
	complete, sent := 0, 0
	for addr, seed := range swarm {
		if seed {
			complete++
		}
		if addr == asker || addr.Port() == 0 || sent == trackerPeers {
			continue
		}
		sent++
		list := &peers6
		if addr.Addr().Is4() {
			list = &peers
		}
		list.Write(addr.Addr().AsSlice())
		list.Write([]byte{byte(addr.Port() >> 8), byte(addr.Port())})
	}
	fmt.Fprintf(w, "d8:completei%de10:incompletei%de8:intervali%de5:peers%d:%s6:peers6%d:%se",
		complete, len(swarm)-complete, int(trackerInterval/time.Second), peers.Len(), peers.String(), peers6.Len(), peers6.String())
}

// trackerFailure refuses an announce.
func trackerFailure(w http.ResponseWriter, reason string) {
	fmt.Fprintf(w, "d14:failure reason%d:%se", len(reason), reason)
}
