package attacks

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// slowHeads has connections that send a byte of a request a second, those that
// send nothing, and those that send it too slowly over TLS's port.
func slowHeads(ctx context.Context, a *arena) string {
	const each = 600
	var open, refused atomic.Int64
	var conns sync.WaitGroup
	for i := range 2 * each {
		conns.Go(func() {
			for ctx.Err() == nil {
				c, err := dialFrom(strangerAddr(i%2)).DialContext(ctx, "tcp", gatewayAddr+":8080")
				if err != nil {
					refused.Add(1)
					continue
				}
				open.Add(1)
				if p := a.w.cached[i%2]; i%4 < 2 { // the fast lane has the connection then
					fmt.Fprintf(c, "GET %s/%s HTTP/1.1\r\nHost: %s\r\nRange: bytes=0-0\r\n\r\n", p.Hash.Path(), p.Info.Name, gatewayAddr)
					_ = c.SetReadDeadline(time.Now().Add(time.Second))
					_, _ = c.Read(make([]byte, 4<<10)) // most often all of the answer
					_ = c.SetReadDeadline(time.Time{})
				}
				dribble(ctx, c, i%2 == 0)
			}
		})
	}
	conns.Wait()
	return fmt.Sprintf("%d connections opened, %d refused", open.Load(), refused.Load())
}

// dribble sends a request's head byte by byte, or nothing, until the other side
// hangs up.
func dribble(ctx context.Context, c net.Conn, talks bool) {
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if talks {
		go func() {
			for _, b := range []byte("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: " + strings.Repeat("x", 1000)) {
				if _, err := c.Write([]byte{b}); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
		}()
	}
	_, _ = io.Copy(io.Discard, c)
	time.Sleep(time.Second) // it comes again
}

// slowConns is how many connections slowReaders has, of ten clients.
const slowConns = 200

// slowReaders has clients ask for what is cached and never read it.
func slowReaders(ctx context.Context, a *arena) string {
	var open atomic.Int64
	var conns sync.WaitGroup
	for i := range slowConns {
		p := a.w.cached[i%2]
		conns.Go(func() {
			c, err := dialFrom(strangerAddr(i%10)).DialContext(ctx, "tcp", gatewayAddr+":8080")
			if err != nil {
				return
			}
			defer c.Close()
			_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
			fmt.Fprintf(c, "GET %s/%s HTTP/1.1\r\nHost: %s\r\n\r\n", p.Hash.Path(), p.Info.Name, gatewayAddr)
			open.Add(1)
			<-ctx.Done()
		})
	}
	conns.Wait()
	return fmt.Sprintf("%d connections", open.Load())
}

// dearRequests asks, as one client and as fast as it may, for what costs most to
// answer: pages of a torrent of 95,000 files, archives of it, many small ranges,
// and one file under names and hints that are never the same.
func dearRequests(ctx context.Context, a *arena) string {
	l := listenMetadata(a.t)
	h := l.add(manyFiles(a.t, 95_000, 5))
	peer := "x.pe=" + url.QueryEscape(fmt.Sprintf("%s:%d", hostileAddr(1), metadataPort))
	page := func(query string) string { return h.Path() + "/x/?" + query + peer }
	p := a.w.cached[0]
	file := p.Hash.Path() + "/" + p.Info.Name
	var ranges []string
	for i := range 16 {
		ranges = append(ranges, fmt.Sprintf("%d-%d", i*200_000, i*200_000+1))
	}
	ways := []func(s *stranger, n int){
		func(s *stranger, _ int) { s.ask(ctx, http.MethodGet, page("format=html&"), 0) },
		func(s *stranger, _ int) { s.ask(ctx, http.MethodGet, page("format=json&"), 0) },
		func(s *stranger, _ int) { s.ask(ctx, http.MethodHead, page("format=tar&"), 0) },
		func(s *stranger, _ int) { s.ask(ctx, http.MethodGet, page("format=m3u8&"), 0) },
		func(s *stranger, _ int) {
			s.ask(ctx, http.MethodGet, file, 0, "Range", "bytes="+strings.Join(ranges, ","))
		},
		func(s *stranger, n int) {
			s.ask(ctx, http.MethodGet, file+"?"+repeat(32, "tr", func(i int) string { return fmt.Sprintf("http://%d-%d.nowhere.test/", n, i) }), 0, "Range", "bytes=0-9")
		},
		func(s *stranger, n int) {
			s.ask(ctx, http.MethodGet, fmt.Sprintf("%s?dn=%d&x.pe=%s", file, n, url.QueryEscape(fmt.Sprintf("%s:9", hostileAddr(n)))), 0, "Range", "bytes=0-9")
		},
		func(s *stranger, n int) { s.ask(ctx, http.MethodHead, junk(), 0) },
	}
	s := newStranger(strangerAddr(1))
	every(ctx, 200, func(n int) { ways[n%len(ways)](s, n/len(ways)) })
	return fmt.Sprint(s.answers)
}

// manyPrefixes waits for torrents that do not exist from 256 networks of a
// household each, all of one /48.
func manyPrefixes(ctx context.Context, a *arena) string {
	listenSilent(a.t)
	var all []*stranger
	for i := range 256 {
		all = append(all, newStranger(fmt.Sprintf("2a00:1:2:%x::1", i<<8)))
	}
	every(ctx, 150, func(n int) {
		s := all[rand.IntN(len(all))]
		s.askAt(ctx, "http://[2a00::1]:8080", http.MethodGet, junk()+"?"+repeat(20, "x.pe", func(i int) string {
			return fmt.Sprintf("%s:%d", hostileAddr(n*20+i), neverPort+i%3)
		}), 0)
	})
	return fmt.Sprint(merge(all...))
}

// forgedAddresses has one client be another with each request, as far as
// X-Forwarded-For is believed.
func forgedAddresses(ctx context.Context, a *arena) string {
	listenSilent(a.t)
	s := newStranger(strangerAddr(1))
	every(ctx, 150, func(n int) {
		forged := []string{fmt.Sprintf("47.%d.%d.1", n>>8&255, n&255), "unknown", "_hidden", `"[2a00::1]:80"`, ",,", "1.2.3.4, unknown"}[n%6]
		s.ask(ctx, http.MethodGet, junk()+"?"+repeat(20, "x.pe", func(i int) string {
			return fmt.Sprintf("%s:%d", hostileAddr(n*20+i), neverPort+i%3)
		}), 0, "X-Forwarded-For", forged, "Forwarded", "for="+forged, "X-Real-IP", forged)
	})
	return fmt.Sprint(s.answers)
}

// silentNames names trackers, peers and web seeds whose names nobody resolves.
func silentNames(ctx context.Context, a *arena) string {
	n := startNames(a.t, victimAddr(99))
	s := newStranger(strangerAddr(1))
	every(ctx, 45, func(k int) {
		s.ask(ctx, http.MethodGet, junk()+"?"+repeat(32, "tr", func(i int) string {
			return fmt.Sprintf("%s://%d-%d.silent.test:80/", []string{"http", "udp"}[i%2], k, i)
		})+"&"+repeat(32, "x.pe", func(i int) string { return fmt.Sprintf("p%d-%d.silent.test:80", k, i) }), time.Second)
	})
	return fmt.Sprintf("%v, %d queries", s.answers, n.asked.Load())
}
