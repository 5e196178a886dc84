package attacks

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// attacks are all of them.
func attacks() []attack {
	return []attack{
		{name: "none", what: "nobody attacks", memory: 64, launch: func(ctx context.Context, _ *arena) string { <-ctx.Done(); return "" }},
		{name: "metadata", what: "peers that the client names serve 2.8 MB of metadata with 95,000 files, under new infohashes", memory: 64, launch: metadataAttack},
		{name: "uploads", what: "60 .torrent files of 5.6 MB are posted", memory: 64, launch: uploadAttack},
		{name: "silent peers", what: "5 requests a second, each with 60 peers that never answer, in as many /24s", memory: 64, launch: silentAttack},
		{name: "junk torrents", what: "300 requests from 5 clients wait for torrents that do not exist", memory: 64, launch: junkAttack},
		{name: "HTTP trackers of a victim", what: "45 requests a second, each with 32 HTTP trackers of one host", memory: 64, launch: httpReflector},
		{name: "UDP trackers of a victim", what: "45 requests a second, each with 32 UDP trackers of one host", memory: 64, launch: udpReflector},
		{name: "descriptors", what: "UDP trackers of as many hosts as can be named, with ulimit -n 1024", memory: 64, files: 1024, launch: descriptorAttack},
		{name: "floods in a connection", what: "connected peers send messages of each kind without end", memory: 64, launch: floodAttack},
		{name: "other reflectors", what: "each of twelve more ways to have a host contacted, by a client each", memory: 64, launch: reflectors},
		{name: "slow heads", what: "two clients open 600 connections each, ask by half of them for a byte that is cached, and send a byte a second, or none, with ulimit -n 1024", memory: 64, files: 1024, launch: slowHeads},
		{name: "slow readers", what: "200 requests of ten clients for what is cached, of which no body is read", memory: 64, launch: slowReaders},
		{name: "dear requests", what: "200 requests a second of one client: pages of 95,000 files, 16 ranges, hints that are never the same", memory: 64, launch: dearRequests},
		{name: "many prefixes", what: "256 IPv6 prefixes of one /48 wait for torrents that do not exist", memory: 64, launch: manyPrefixes},
		{name: "forged addresses", what: "150 requests a second of one client, each with another X-Forwarded-For", memory: 64, launch: forgedAddresses},
		{name: "silent names", what: "45 requests a second, each with 64 names that the name server never answers", memory: 64, launch: silentNames},
		{name: "metadata, default memory", what: "the same as metadata, with --memory as shipped", memory: 256, short: true, launch: metadataAttack},
		{name: "rapid reset", what: "four clients open streams of HTTP/2 and reset each at once", memory: 64, short: true, launch: rapidReset},
		{name: "HEAD flood", what: "four clients send HEAD requests over eight connections each without waiting for answers", memory: 64, short: true, launch: headFlood},
		{name: "through a proxy", what: "100 requests a second of one client behind a trusted proxy, each with another X-Forwarded-For and 32 trackers of one host", memory: 64, short: true,
			args: []string{"--trusted-proxy=" + proxyAddr}, launch: throughProxy},
		{name: "DHT", what: "nodes of the DHT that name one host as the peers of every torrent, and as nodes", memory: 64, short: true,
			args: []string{fmt.Sprintf("--dht-bootstrap=%s:%d", dhtAddr(0), dhtPort)}, launch: dhtReflector},
	}
}

// metadataAttack is A1.
func metadataAttack(ctx context.Context, a *arena) string {
	l := listenMetadata(a.t)
	s := newStranger(strangerAddr(1))
	first := manyFiles(a.t, 95_000, 5)
	at := bytes.Index(first, []byte("4:name1:x"))
	var served atomic.Int64
	var workers sync.WaitGroup
	for w := range 4 {
		workers.Go(func() {
			for n := w; ctx.Err() == nil; n += 4 {
				info := slices.Clone(first)
				copy(info[at:], fmt.Sprintf("4:name1:%c", 'a'+n%26)) // and pieces:
				copy(info[len(info)-20:], fmt.Sprintf("%019d", n))
				h := l.add(info)
				query := "?x.pe=" + url.QueryEscape(fmt.Sprintf("%s:%d", hostileAddr(n), metadataPort))
				s.ask(ctx, http.MethodHead, h.Path()+"/"+string('a'+rune(n%26))+"/00001"+query, 0)
				served.Add(1)
			}
		})
	}
	workers.Wait()
	return fmt.Sprintf("%d torrents of %d bytes: %v", served.Load(), len(first), s.answers)
}

// uploadAttack is the second half of A1.
func uploadAttack(ctx context.Context, a *arena) string {
	info := manyFiles(a.t, 95_000, 35)
	answers := map[int]int{}
	for n := 0; n < 60 && ctx.Err() == nil; n++ {
		copy(info[len(info)-20:], fmt.Sprintf("%019d", n))
		torrent := "d4:info" + string(info) + "e"
		resp, err := http.Post(adminURL+"/api/v1/torrents", "application/x-bittorrent", strings.NewReader(torrent))
		if err != nil {
			a.t.Error(err)
			continue
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		answers[resp.StatusCode]++
	}
	<-ctx.Done()
	return fmt.Sprintf("uploads of %d bytes: %v", len(info), answers)
}

// silentAttack is A2.
func silentAttack(ctx context.Context, a *arena) string {
	listenSilent(a.t)
	s := newStranger(strangerAddr(1))
	every(ctx, 5, func(n int) {
		var peers []string
		for i := range 60 {
			peers = append(peers, "x.pe="+url.QueryEscape(fmt.Sprintf("%s:%d", hostileAddr(n*60+i), neverPort+i%3)))
		}
		s.ask(ctx, http.MethodGet, junk()+"?"+strings.Join(peers, "&"), 5*time.Second)
	})
	return fmt.Sprint(s.answers)
}

// junkAttack is A3.
func junkAttack(ctx context.Context, a *arena) string {
	listenSilent(a.t)
	var all []*stranger
	for i := range 5 {
		all = append(all, newStranger(strangerAddr(i)))
	}
	every(ctx, 150, func(n int) {
		all[n%5].ask(ctx, http.MethodGet, junk()+"?x.pe="+url.QueryEscape(fmt.Sprintf("%s:%d", hostileAddr(n), idlePort)), 0)
	})
	return fmt.Sprint(merge(all...))
}

// httpReflector is A4 by HTTP.
func httpReflector(ctx context.Context, a *arena) string {
	victim := victimAddr(1)
	serveHTTP(a.t, victim+":80", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Connection", "close") // so that each request is a SYN
		http.NotFound(rw, r)
	})
	return reflector(ctx, func(i int) string { return fmt.Sprintf("http://%s/%d?%d", victim, i, rand.Uint32()) })
}

// udpReflector is A4 by UDP.
func udpReflector(ctx context.Context, _ *arena) string {
	victim := victimAddr(2)
	return reflector(ctx, func(i int) string { return fmt.Sprintf("udp://%s:%d/%d", victim, 1024+rand.IntN(60000), i) })
}

// reflector names 32 trackers a request.
func reflector(ctx context.Context, tracker func(i int) string) string {
	s := newStranger(strangerAddr(1))
	every(ctx, 45, func(int) {
		var hints []string
		for i := range 32 {
			hints = append(hints, "tr="+url.QueryEscape(tracker(i)))
		}
		s.ask(ctx, http.MethodGet, junk()+"?"+strings.Join(hints, "&"), time.Second)
	})
	return fmt.Sprint(s.answers)
}

// descriptorAttack is A5.
func descriptorAttack(ctx context.Context, a *arena) string {
	mute, err := net.ListenPacket("udp4", ":80") // no datagram is answered
	if err != nil {
		a.t.Fatal(err)
	}
	defer mute.Close()
	s := newStranger(strangerAddr(1))
	every(ctx, 45, func(n int) {
		var hints []string
		for i := range 32 {
			hints = append(hints, "tr="+url.QueryEscape(fmt.Sprintf("udp://%s:80/", hostileAddr(n*32+i))))
		}
		s.ask(ctx, http.MethodGet, junk()+"?"+strings.Join(hints, "&"), 5*time.Second)
	})
	return fmt.Sprint(s.answers)
}

// floods are the messages that cost nothing to send, by name. pieces is how many
// the torrent has.
func floods(torrent [20]byte, pieces int) map[string]func(b []byte) []byte {
	piece := func() uint32 { return uint32(rand.IntN(pieces)) }
	var turns atomic.Bool // several connections flood at once
	turn := func() bool { t := !turns.Load(); turns.Store(t); return t }
	return map[string]func(b []byte) []byte{
		"have": func(b []byte) []byte { return wire.AppendIndex(b, wire.Have, piece()) },
		"interested": func(b []byte) []byte {
			if turn() {
				return wire.AppendSimple(b, wire.Interested)
			}
			return wire.AppendSimple(b, wire.NotInterested)
		},
		"choke": func(b []byte) []byte {
			return wire.AppendSimple(wire.AppendSimple(b, wire.Choke), wire.Unchoke)
		},
		"extension handshake": func(b []byte) []byte { return append(b, hello(torrent, 100)[wire.HandshakeLen:]...) },
		"reject": func(b []byte) []byte {
			return wire.AppendBlock(b, wire.Reject, wire.Block{Piece: piece(), Length: 16 << 10})
		},
		"request": func(b []byte) []byte {
			return wire.AppendBlock(b, wire.Request, wire.Block{Piece: piece(), Length: 16 << 10})
		},
		"cancel": func(b []byte) []byte {
			return wire.AppendBlock(b, wire.Cancel, wire.Block{Piece: piece(), Length: 16 << 10})
		},
		"metadata request": func(b []byte) []byte {
			return wire.AppendMetadata(b, wire.ExtMetadata, wire.MetadataMessage{Type: wire.MetadataRequest})
		},
		"metadata reject": func(b []byte) []byte {
			return wire.AppendMetadata(b, wire.ExtMetadata, wire.MetadataMessage{Type: wire.MetadataReject})
		},
		"suggest":      func(b []byte) []byte { return wire.AppendIndex(b, wire.Suggest, piece()) },
		"allowed fast": func(b []byte) []byte { return wire.AppendIndex(b, wire.AllowedFast, piece()) },
		"don't have":   func(b []byte) []byte { return wire.AppendDontHave(b, wire.ExtDontHave, piece()) },
		"port":         func(b []byte) []byte { return wire.AppendPort(b, 6881) },
		"keep-alive":   wire.AppendKeepAlive,
		"hash request": func(b []byte) []byte { return wire.AppendHashRange(b, wire.HashRequest, wire.HashRange{Length: 512}) },
		"upload only": func(b []byte) []byte {
			return wire.AppendUploadOnly(b, wire.ExtUploadOnly, turn())
		},
		"unknown extension": func(b []byte) []byte { return append(b, 0, 0, 0, 3, byte(wire.Extended), 99, 0) },
	}
}

// floodAttack is A6: a connection for each kind of message, made again when it is
// cut, in a torrent that somebody waits for and in one that is cached.
func floodAttack(ctx context.Context, a *arena) string {
	l := listenMetadata(a.t)
	path := smallTorrent(l, 1)
	waited, err := metainfo.ParseInfoHash(strings.Split(path, "/")[2])
	if err != nil {
		a.t.Error(err)
		return ""
	}
	s := newStranger(strangerAddr(1))
	var reading sync.WaitGroup
	defer reading.Wait()
	reading.Go(func() {
		for ctx.Err() == nil {
			s.ask(ctx, http.MethodGet, path, 0)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	time.Sleep(headStart)
	cached := a.w.cached[0]
	var both sync.WaitGroup
	var first, second string
	both.Go(func() { first = floodTorrent(ctx, 0, waited.Wire(), 2) })
	both.Go(func() { second = floodTorrent(ctx, 100, cached.Hash.Wire(), cached.Info.NumPieces()) })
	both.Wait()
	return "waited for: " + first + "cached: " + second
}

// floodTorrent floods with each kind of message, from addresses from base on.
func floodTorrent(ctx context.Context, base int, torrent [20]byte, pieces int) string {
	kinds := floods(torrent, pieces)
	var mu sync.Mutex
	sent, cut := map[string]int64{}, map[string]int{}
	var conns sync.WaitGroup
	for i, kind := range slices.Sorted(maps.Keys(kinds)) {
		next := kinds[kind]
		conns.Go(func() {
			for ctx.Err() == nil {
				n := floodOnce(ctx, hostileAddr(base+i), torrent, next)
				mu.Lock()
				sent[kind] += n
				cut[kind]++
				mu.Unlock()
				select {
				case <-ctx.Done():
				case <-time.After(100 * time.Millisecond):
				}
			}
		})
	}
	conns.Wait()
	var b strings.Builder
	for _, kind := range slices.Sorted(maps.Keys(sent)) {
		fmt.Fprintf(&b, "%s %d KB in %d connections; ", kind, sent[kind]/1000, cut[kind])
	}
	return b.String()
}

// floodOnce is one connection.
func floodOnce(ctx context.Context, from string, torrent [20]byte, next func([]byte) []byte) int64 {
	c, err := dialFrom(from).DialContext(ctx, "tcp", net.JoinHostPort(gatewayAddr, peerPort))
	if err != nil {
		return 0
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := c.Write(hello(torrent, 0)); err != nil {
		return 0
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	reading.Go(func() { _, _ = io.Copy(io.Discard, c); c.Close() })
	return flood(c, floodRate, next)
}
