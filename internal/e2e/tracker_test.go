package e2e

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// tracker is a small one for a single torrent (BEP 3, BEP 23), which remembers
// who announced what.
type tracker struct {
	server *httptest.Server

	mu        sync.Mutex
	announces []announce
	peers     []netip.AddrPort
}

// announce is one that came.
type announce struct {
	addr  netip.AddrPort // of the peer, by its connection and its port
	event string
	left  int64
}

func newTracker(t *testing.T) *tracker {
	t.Helper()
	tr := &tracker{}
	tr.server = httptest.NewServer(http.HandlerFunc(tr.serve))
	t.Cleanup(tr.server.Close)
	return tr
}

// url is where to announce.
func (tr *tracker) url() string { return tr.server.URL + "/announce" }

func (tr *tracker) serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	addr, err := netip.ParseAddrPort(net.JoinHostPort(host, q.Get("port")))
	left, err2 := strconv.ParseInt(q.Get("left"), 10, 64)
	if err != nil || err2 != nil || len(q.Get("info_hash")) != 20 || len(q.Get("peer_id")) != 20 {
		fmt.Fprint(w, "d14:failure reason3:whye")
		return
	}
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.announces = append(tr.announces, announce{addr, q.Get("event"), left})
	tr.peers = slices.DeleteFunc(tr.peers, func(a netip.AddrPort) bool { return a == addr })
	var compact []byte
	for _, p := range tr.peers {
		ip := p.Addr().As4()
		compact = binary.BigEndian.AppendUint16(append(compact, ip[:]...), p.Port())
	}
	if q.Get("event") != "stopped" {
		tr.peers = append(tr.peers, addr)
	}
	fmt.Fprintf(w, "d8:intervali1800e5:peers%d:%se", len(compact), compact)
}

// events are those of a peer, in order; regular announces are "".
func (tr *tracker) events(addr string) []string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	var events []string
	for _, a := range tr.announces {
		if a.addr.String() == addr {
			events = append(events, a.event)
		}
	}
	return events
}

// knows reports whether a peer is there now.
func (tr *tracker) knows(addr string) bool {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return slices.ContainsFunc(tr.peers, func(p netip.AddrPort) bool { return p.String() == addr })
}

// magnet is a link with nothing but a hash and what to ask.
func magnet(ih metainfo.InfoHash, trackers ...string) string {
	m := metainfo.Magnet{Hashes: []metainfo.InfoHash{ih}, Trackers: trackers}
	return m.String()
}
