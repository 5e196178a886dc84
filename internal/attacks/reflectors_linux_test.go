package attacks

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer/wire"
)

// reflection is one way to have btgw contact a host that has done nothing, by a
// client of its own.
type reflection struct {
	name   string
	victim string // counted by the meter
	// path makes request number n.
	path func(n int) string
}

// reflectors plays all ways at once, and says how often each victim was
// contacted.
func reflectors(ctx context.Context, a *arena) string {
	all := reflections(a)
	var note []string
	var running sync.WaitGroup
	var mu sync.Mutex
	for i, r := range all {
		s := newStranger(strangerAddr(100 + i))
		running.Go(func() {
			every(ctx, 8, func(n int) { s.ask(ctx, http.MethodGet, r.path(n), 2*time.Second) })
			second, total := a.meter.of(netip.MustParseAddr(r.victim))
			mu.Lock()
			defer mu.Unlock()
			note = append(note, fmt.Sprintf("%s: %d in all, %d in a second", r.name, total, second))
		})
	}
	running.Wait()
	slices.Sort(note)
	return strings.Join(note, "; ")
}

// reflections are the ways.
func reflections(a *arena) []reflection {
	victim := func(n int) string { return victimAddr(10 + n) }
	notFound := func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Connection", "close") // so that each request is a SYN
		http.NotFound(rw, r)
	}
	for _, n := range []int{2, 3, 4, 5, 7, 9, 10, 11} {
		serveHTTP(a.t, victim(n)+":80", notFound)
	}
	startNames(a.t, victim(3))
	redirect := func(n int) http.HandlerFunc {
		return func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, fmt.Sprintf("http://%s/%d", victim(n), rand.Uint32()), http.StatusFound)
		}
	}
	serveHTTP(a.t, ":8101", crowdedTracker(victim(1)))
	serveHTTP(a.t, ":8102", redirect(2))
	serveHTTP(a.t, ":8105", redirect(5))
	serveHTTP(a.t, ":8111", redirect(11))
	listen(a.t, ":7006", func(c net.Conn) { _ = gossip(c, victim(6)) })
	l := listenMetadata(a.t)
	return []reflection{
		{"peers that a link names", victim(0), func(int) string {
			return junk() + "?" + repeat(60, "x.pe", func(int) string { return fmt.Sprintf("%s:%d", victim(0), 1024+rand.IntN(60000)) })
		}},
		{"peers that a tracker names", victim(1), func(n int) string {
			return junk() + "?" + repeat(1, "tr", func(int) string { return fmt.Sprintf("http://%s:8101/", hostileAddr(1000+n)) })
		}},
		{"trackers that redirect", victim(2), func(n int) string {
			return junk() + "?" + repeat(32, "tr", func(i int) string { return fmt.Sprintf("http://%s:8102/", hostileAddr(2000+n*32+i)) })
		}},
		{"trackers by many names", victim(3), func(n int) string {
			return junk() + "?" + repeat(32, "tr", func(i int) string { return fmt.Sprintf("http://%d-%d.victim.test/", n, i) })
		}},
		{"web seeds", victim(4), func(n int) string {
			return smallTorrent(l, n) + repeat(16, "ws", func(i int) string { return fmt.Sprintf("http://%s/%d-%d", victim(4), n, i) })
		}},
		{"web seeds that redirect", victim(5), func(n int) string {
			return smallTorrent(l, 1<<20+n) + repeat(16, "ws", func(i int) string { return fmt.Sprintf("http://%s:8105/%d", hostileAddr(5000+n*16+i), i) })
		}},
		{"peer exchange", victim(6), func(n int) string {
			return junk() + "?" + repeat(8, "x.pe", func(i int) string { return fmt.Sprintf("%s:7006", hostileAddr(6000+n*8+i)) })
		}},
		{"trackers for what is cached", victim(7), func(n int) string {
			p := a.w.cached[0]
			return p.Hash.Path() + "/" + p.Info.Name + "?" + repeat(32, "tr", func(i int) string { return fmt.Sprintf("http://%s/%d-%d", victim(7), n, i) })
		}},
		{"trackers that speak TLS", victim(8), func(n int) string {
			return junk() + "?" + repeat(32, "tr", func(i int) string { return fmt.Sprintf("https://%s:%d/", victim(8), 1024+rand.IntN(60000)) })
		}},
		{"exact sources", victim(9), func(n int) string {
			return junk() + "?" + repeat(4, "xs", func(i int) string { return fmt.Sprintf("http://%s/%d-%d", victim(9), n, i) })
		}},
		{"acceptable sources", victim(10), func(n int) string {
			return junk() + "?" + repeat(4, "as", func(i int) string { return fmt.Sprintf("http://%s/%d-%d", victim(10), n, i) })
		}},
		{"sources that redirect", victim(11), func(n int) string {
			return junk() + "?" + repeat(4, "xs", func(i int) string { return fmt.Sprintf("http://%s:8111/%d", hostileAddr(10000+n*4+i), i) })
		}},
	}
}

// repeat gives a parameter of a query n times.
func repeat(n int, key string, value func(i int) string) string {
	var all []string
	for i := range n {
		all = append(all, key+"="+url.QueryEscape(value(i)))
	}
	return strings.Join(all, "&")
}

// smallTorrent is a torrent of one file that nobody has, with its metadata in the
// library: a path and the beginning of its query.
func smallTorrent(l *library, n int) string {
	pieces := make([]byte, 40)
	binary.BigEndian.PutUint64(pieces, uint64(n))
	info, err := bencode.Append(nil, map[string]any{
		"length": int64(32 << 10), "name": "x", "piece length": int64(16 << 10), "pieces": string(pieces),
	})
	if err != nil {
		panic(err)
	}
	h := l.add(info)
	return h.Path() + "/x?" + repeat(1, "x.pe", func(int) string { return fmt.Sprintf("%s:%d", hostileAddr(4000+n), metadataPort) }) + "&"
}

// crowdedTracker says that 200 peers are at one address.
func crowdedTracker(victim string) http.HandlerFunc {
	return func(rw http.ResponseWriter, _ *http.Request) {
		var peers []byte
		for range 200 {
			peers = append(peers, netip.MustParseAddr(victim).AsSlice()...)
			peers = binary.BigEndian.AppendUint16(peers, uint16(1024+rand.IntN(60000)))
		}
		answer, _ := bencode.Append(nil, map[string]any{"interval": int64(60), "peers": string(peers)})
		_, _ = rw.Write(answer)
	}
}

// gossip is a peer that says that 50 peers are at one address.
func gossip(c net.Conn, victim string) error {
	if _, _, err := greet(c, 0); err != nil {
		return err
	}
	var m wire.PEX
	for range 50 {
		m.Added = append(m.Added, wire.PEXPeer{Addr: netip.AddrPortFrom(netip.MustParseAddr(victim), uint16(1024+rand.IntN(60000)))})
	}
	if _, err := c.Write(wire.AppendPEX(nil, wire.ExtPEX, &m)); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, c)
	return err
}
