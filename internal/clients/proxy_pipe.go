package clients

import (
	"context"
	"net"
	"sync"
	"time"
)

// pipe carries bytes in one direction.
type pipe struct {
	from, to *net.TCPConn
	delay    time.Duration
	notFirst time.Time // nothing sets out before: the connection is not open at that end
	pace     pacer
	size     int           // of a segment, in bytes
	free     chan *segment // as many as may be on their way, and are not
	onWay    chan *segment // all of them fit in, and the end of the stream
}

// segment is some bytes on their way; none at the end of the stream.
type segment struct {
	b   []byte // nil before its first use
	n   int
	due time.Time // when the first of them arrives, were there no limit of rate
}

func newPipe(from, to *net.TCPConn, delay time.Duration, rate float64, notFirst time.Time) *pipe {
	size, window := maxSegment, maxWindow
	if rate > 0 {
		size = min(max(int(rate*segmentTime.Seconds()), minSegment), maxSegment)
		window = max(minWindow, int(2*rate*delay.Seconds()))
	}
	count := window/size + 1
	p := &pipe{
		from: from, to: to, delay: delay, notFirst: notFirst, pace: pacer{rate: rate},
		size: size, free: make(chan *segment, count), onWay: make(chan *segment, count+1),
	}
	for range count {
		p.free <- &segment{}
	}
	return p
}

// run carries all there is, then ends the stream; it closes both ends where one
// of them is broken.
func (p *pipe) run(ctx context.Context) {
	var reader sync.WaitGroup
	reader.Go(func() { p.read(ctx) })
	if !p.write(ctx) {
		p.from.Close()
		p.to.Close()
	}
	for s := range p.onWay { // so that the reader can get to its end
		if s.n > 0 {
			p.free <- s
		}
	}
	reader.Wait()
}

// read lets bytes set out as they come.
func (p *pipe) read(ctx context.Context) {
	defer close(p.onWay)
	for {
		var s *segment
		select {
		case s = <-p.free:
		case <-ctx.Done():
			return
		}
		if s.b == nil {
			s.b = make([]byte, p.size)
		}
		n, err := p.from.Read(s.b)
		at := time.Now()
		if at.Before(p.notFirst) {
			at = p.notFirst
		}
		if s.n, s.due = n, at.Add(p.delay); n > 0 {
			p.onWay <- s
			acknowledge(p.from)
		}
		if err != nil {
			p.onWay <- &segment{due: at.Add(p.delay)}
			return
		}
	}
}

// write lets bytes arrive when they are due. It is false where it could not.
func (p *pipe) write(ctx context.Context) bool {
	for s := range p.onWay {
		if !sleepUntil(ctx, p.pace.next(s.due, s.n)) {
			return false
		}
		p.pace.woke(time.Now())
		if s.n == 0 {
			return p.to.CloseWrite() == nil
		}
		if _, err := p.to.Write(s.b[:s.n]); err != nil {
			return false
		}
		p.free <- s
	}
	return false
}

// pacer spreads bytes evenly over time.
type pacer struct {
	rate float64   // bytes a second; 0 means no limit
	last time.Time // when the last byte passed, by the plan
}

// next gives when n bytes have passed, of which the first is there at due.
func (p *pacer) next(due time.Time, n int) time.Time {
	if p.rate == 0 {
		return due
	}
	if due.After(p.last) {
		p.last = due
	}
	p.last = p.last.Add(p.time(n))
	return p.last
}

// woke says when the bytes of the last next have passed in fact. A plan that was
// missed by more than maxBurst is given up.
func (p *pacer) woke(now time.Time) {
	if earliest := now.Add(-p.time(maxBurst)); p.rate > 0 && p.last.Before(earliest) {
		p.last = earliest
	}
}

// time gives how long n bytes take.
func (p *pacer) time(n int) time.Duration {
	return time.Duration(float64(n) / p.rate * float64(time.Second))
}

// sleepUntil is false if ctx ended first.
func sleepUntil(ctx context.Context, at time.Time) bool {
	wait := time.Until(at)
	if wait <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
