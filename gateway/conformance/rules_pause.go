package conformance

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// pauseRules leave a body unread for as long as Config says, and then read all of it.
func pauseRules() []Rule {
	rule := func(id, what string, check func(*probe) error) Rule {
		return Rule{ID: id, Source: "http.md devices", What: what, needs: pauses, together: true, check: check}
	}
	return []Rule{
		rule("pause-body", "a body that is not read for a while goes on where it stopped", func(p *probe) error { return p.paused("") }),
		rule("pause-range", "and so does a range without an end", func(p *probe) error { return p.paused("Range: bytes=1-") }),
		rule("pause-http2", "and a stream of HTTP/2", (*probe).pausedHTTP2),
	}
}

// paused reads the beginning of the large file, waits, and reads the rest.
func (p *probe) paused(line string) error {
	r := request{method: http.MethodGet, path: p.large}
	if line != "" {
		r.lines = []string{line}
	}
	a, conn, err := p.begin(p.ctx, r, minFile)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(p.ctx, func() { conn.Close() })()
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(32 << 10) // so that little of it is in the kernel
	}
	if err := p.wait(); err != nil {
		return err
	}
	_ = conn.SetDeadline(time.Now().Add(exchangeTime))
	n, err := io.Copy(io.Discard, conn)
	length := a.get("Content-Length")
	if got := fmt.Sprint(n + minFile + int64(a.ahead)); err != nil || got != length {
		return fmt.Errorf("%s of %s bytes after a pause of %v: %v", got, length, p.pause, err)
	}
	return nil
}

func (p *probe) pausedHTTP2() error {
	c := p.overHTTP2()
	defer c.CloseIdleConnections()
	ctx, cancel := context.WithTimeout(p.ctx, p.pause+exchangeTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url.Scheme+"://"+p.url.Host+p.prefix+p.large, nil)
	if err != nil {
		return err
	}
	res, err := c.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if err := p.wait(); err != nil {
		return err
	}
	var all bytes.Buffer
	n, err := io.Copy(&all, res.Body)
	if err != nil || n != res.ContentLength {
		return fmt.Errorf("%d of %d bytes after a pause of %v: %v", n, res.ContentLength, p.pause, err)
	}
	return nil
}

// wait lasts as long as the pause.
func (p *probe) wait() error {
	timer := time.NewTimer(p.pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}
