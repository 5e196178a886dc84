package clients

import (
	"context"
	"net"
	"sync"
	"testing"
	"time"
)

// ProxyOptions say what a connection through DelayProxy is like.
type ProxyOptions struct {
	// RTT is the round trip that is added.
	RTT time.Duration
	// Rate is how many bytes a second each connection carries towards the
	// dialer; 0 means no limit.
	Rate float64
}

// DelayProxy passes TCP connections on to target ("host:port") as if it were RTT away,
// and returns the address to dial in its place. It works until the end of the test.
//
// Each byte takes half an RTT in either direction. The kernel opens a connection at
// once for its dialer, while a real one would open after an RTT. So the bytes that the
// dialer sends in the first RTT go out only after it. The first byte of an answer then
// comes after two RTT, as on a real path. TCP's slow start is not imitated: only RTT
// and Rate slow a connection.
//
// Towards the dialer bytes are spread evenly at Rate. After a delay of the machine's
// own, at most 16 KiB are made up for at once. The bytes that a sender may have under
// way are bounded, as by TCP's window, so that it soon notices what the other end does.
// They are acknowledged at once. So the 40 ms of a delayed acknowledgement do not hold
// up a sender with Nagle's algorithm; on a real path an RTT would.
func DelayProxy(tb testing.TB, target string, options ProxyOptions) (addr string) {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &proxy{target: target, options: options}
	p.wg.Go(func() { p.accept(ctx, l) })
	tb.Cleanup(func() {
		cancel()
		l.Close()
		p.wg.Wait()
	})
	return l.Addr().String()
}

type proxy struct {
	target  string
	options ProxyOptions
	wg      sync.WaitGroup
}

func (p *proxy) accept(ctx context.Context, l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		opened := time.Now().Add(p.options.RTT)
		p.wg.Go(func() { p.serve(ctx, c.(*net.TCPConn), opened) })
	}
}

// serve passes one connection on, which a real dialer would find open at the
// given time.
func (p *proxy) serve(ctx context.Context, dialer *net.TCPConn, opened time.Time) {
	defer dialer.Close()
	oneWay := p.options.RTT / 2
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", p.target)
	if err != nil {
		sleepUntil(ctx, opened) // that is when the refusal would be back
		return
	}
	target := c.(*net.TCPConn)
	defer target.Close()
	stop := context.AfterFunc(ctx, func() {
		dialer.Close()
		target.Close()
	})
	defer stop()
	if p.options.Rate > 0 {
		_ = target.SetReadBuffer(minWindow) // or megabytes wait in it
	}
	var both sync.WaitGroup
	both.Go(func() { newPipe(target, dialer, oneWay, p.options.Rate, opened.Add(oneWay)).run(ctx) })
	both.Go(func() { newPipe(dialer, target, oneWay, 0, opened).run(ctx) })
	both.Wait()
}
