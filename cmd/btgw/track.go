package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/reload"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/tracker"
	"github.com/btgw/btgw/publish"
)

// tracking is the tracker of a server, which is there before what it publishes.
type tracking struct {
	tracker    *tracker.Tracker           // nil: there is none
	publishing atomic.Pointer[publishing] // nil until publishing begins
	list       *trackList                 // nil: none
	open       bool
	self       []netip.Addr // where our own peer is reached
	listen     netip.Addr   // where it listens alone; not valid: everywhere
	port       atomic.Int32 // at which port; 0: not at all
}

// newTracking makes the tracker that settings ask for.
func newTracking(s settings) *tracking {
	t := &tracking{list: s.publish.list, open: s.publish.track == "open"}
	if s.publish.track == "off" {
		return t
	}
	t.self = selfAddresses(s)
	if host, _, err := net.SplitHostPort(s.engine.peerListen); err == nil {
		if ip, err := netip.ParseAddr(host); err == nil && !ip.IsUnspecified() {
			t.listen = ip.Unmap()
		}
	}
	t.tracker = tracker.New(tracker.Config{Allowed: t.allowed, Self: t.peer, Seeds: t.seeds})
	return t
}

// selfAddresses are what is known of our own, without asking anybody.
func selfAddresses(s settings) (all []netip.Addr) {
	hosts := []string{}
	if u, err := url.Parse(s.publish.base); err == nil {
		hosts = append(hosts, u.Hostname())
	}
	if host, _, err := net.SplitHostPort(s.engine.peerListen); err == nil {
		hosts = append(hosts, host)
	}
	for _, host := range hosts {
		if ip, err := netip.ParseAddr(host); err == nil && !ip.IsUnspecified() {
			all = append(all, ip.Unmap())
		}
	}
	return all
}

// allowed reports whether a torrent is tracked.
func (t *tracking) allowed(hash [20]byte) bool {
	if t.open || t.seeds(hash) {
		return true
	}
	if t.list == nil {
		return false
	}
	_, ok := t.list.Load()[hash]
	return ok
}

// seeds reports whether we publish a torrent.
func (t *tracking) seeds(hash [20]byte) bool {
	p := t.publishing.Load()
	return p != nil && p.publisher.Publishes(hash)
}

// publications is what is published; nil before publishing begins.
func (t *tracking) publications() gateway.Publications {
	p := t.publishing.Load()
	if p == nil {
		return nil
	}
	return p.publisher
}

// published lists it for the feed, the newest first.
func (t *tracking) published() []gateway.FeedEntry {
	p := t.publishing.Load()
	if p == nil {
		return nil
	}
	var list []gateway.FeedEntry
	for _, pub := range p.publisher.List() {
		if pub.State == publish.StateServed && !pub.Torrent.Info.Private {
			list = append(list, gateway.FeedEntry{Info: pub.Torrent.Info, Since: pub.Since, Magnet: p.magnet(pub.Torrent)})
		}
	}
	slices.SortStableFunc(list, func(a, b gateway.FeedEntry) int { return b.Since.Compare(a.Since) })
	return list
}

// peer returns the address at which a client reaches our own peer.
func (t *tracking) peer(client netip.Addr) netip.AddrPort {
	port := uint16(t.port.Load())
	if client.IsLoopback() {
		switch {
		case !t.listen.IsValid(): // all of 127/8 is here
			return netip.AddrPortFrom(client, port)
		case t.listen.Is4() == client.Is4():
			return netip.AddrPortFrom(t.listen, port)
		}
		return netip.AddrPort{}
	}
	for _, ip := range t.self {
		if ip.Is4() == client.Is4() && !ip.IsLoopback() {
			return netip.AddrPortFrom(ip, port)
		}
	}
	return netip.AddrPort{}
}

// datagram answers what came to the peer port, if it is for the tracker.
func (t *tracking) datagram(dst, packet []byte, from netip.AddrPort) ([]byte, bool) {
	if !tracker.IsDatagram(packet) {
		return dst, false
	}
	return t.tracker.Datagram(dst, packet, from), true
}

// callEvery is between two looks at who announced for what is published: a swarm dials one leecher in that
// time. callAmong is how many of a torrent, of each family, it hears of at a look.
const (
	callEvery = 5 * time.Second
	callAmong = 20
)

// call has the swarms of what is published know of leechers that announced to our tracker, until ctx ends. Those that
// cannot reach our peer port are dialled then.
func (t *tracking) call(ctx context.Context, p *publish.Publisher, session *fetch.Session) {
	if t.tracker == nil {
		return
	}
	tick := time.NewTicker(callEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, pub := range p.List() {
			for _, hash := range pub.Torrent.Info.Hashes() {
				if leechers := t.tracker.Leechers(hash.Wire(), callAmong); len(leechers) > 0 {
					session.Announced(pub.Torrent.Info, leechers)
				}
			}
		}
	}
}

// gateway is the tracker for the content server; nil where there is none.
func (t *tracking) gateway() gateway.Tracker {
	if t.tracker == nil {
		return nil
	}
	return t.tracker
}

// close ends the tracker.
func (t *tracking) close() {
	if t.tracker != nil {
		t.tracker.Close()
	}
}

// maxTrackList is how many infohashes a list may have, maxTrackFile how long it may be in bytes.
const (
	maxTrackList = 1_000_000
	maxTrackFile = 128 << 20
)

// trackList is the torrents of a file, by their infohashes in wire form.
type trackList = reload.File[map[[20]byte]struct{}]

// openTrackList reads a file of infohashes, one a line; what follows a "#" is a comment.
func openTrackList(name string) (*trackList, error) {
	return reload.Open(name, maxTrackFile, readTrackList)
}

func readTrackList(r io.Reader) (map[[20]byte]struct{}, error) {
	list := make(map[[20]byte]struct{})
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		hash, err := metainfo.ParseInfoHash(text)
		if err != nil {
			hash, err = metainfo.ParseMultihash(text)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %q is no infohash", n, text)
		}
		if len(list) == maxTrackList {
			return nil, fmt.Errorf("more than %d infohashes", maxTrackList)
		}
		list[hash.Wire()] = struct{}{}
	}
	return list, lines.Err()
}
