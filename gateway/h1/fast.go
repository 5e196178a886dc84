package h1

import (
	"bytes"
	"context"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/btgw/btgw/gateway/limit"
)

// The fast lane. When net/http begins with a connection, and when it has answered a request, it asks the connection
// for the next one. Then it has no other business with the connection, and if it has read no byte of that request
// already, the connection may answer requests in its place: net/http still waits, and gets what it waits for when a
// request comes that is not for the fast lane. It gets that unread.

// A FastLane answers requests below net/http. It is not to be copied.
type FastLane struct {
	// Answer answers a request, or leaves it to net/http. It is called for one request of a connection at a
	// time, and for several connections at once. It must not keep the head.
	Answer func(*Conn, *Head) Verdict
	// Idle is how long a connection may wait for its next request, and Head how long the head of a request may
	// take, as the http.Server has them.
	Idle, Head time.Duration

	mu     sync.Mutex
	unseen map[*Conn]struct{} // guarded by mu: net/http takes them for new, though requests were answered
	ended  bool               // guarded by mu: there are none any more
}

// CloseIdle closes the connections that wait for a request after all before were answered in the fast lane.
// net/http's Shutdown would wait for them, since it takes them for new ones. No request may be under way in the
// fast lane, and Answer has to leave all that come. CloseIdle may be called again.
func (f *FastLane) CloseIdle() {
	f.mu.Lock()
	unseen := f.unseen
	f.unseen, f.ended = nil, true
	f.mu.Unlock()
	for c := range unseen {
		_ = c.Close()
	}
}

// hide notes that net/http takes a connection for new. It reports false where the connection has to end.
func (f *FastLane) hide(c *Conn) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return false
	}
	if f.unseen == nil {
		f.unseen = make(map[*Conn]struct{})
	}
	f.unseen[c] = struct{}{}
	return true
}

// show notes that net/http gets a request of a connection, or its end.
func (f *FastLane) show(c *Conn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.unseen, c)
}

// A Verdict is what became of a request in the fast lane.
type Verdict uint8

const (
	NotTaken Verdict = iota // nothing was written: net/http answers it
	Answered                // as a whole
	Cut                     // in part: the connection has to end
)

// A reading knows how far net/http has read. Where it was given the head of one request and no byte more, and has
// answered that, nothing is left in its buffer.
type reading struct {
	begun    bool // net/http was given something
	reads    int  // of the connection, since an answer went out
	whole    bool // the last of them was one head, from its beginning or not, and nothing after it
	bodiless bool // the request that is being answered has no body
	resting  bool // net/http waits for the next request, and has nothing of it
}

// took notes what was read from the connection.
func (r *reading) took(p []byte) {
	r.begun = true
	r.reads++
	r.whole = endsHead(p)
	r.resting = false
}

// rest notes that an answer has gone out. buffered says that bytes which were read have yet to come to net/http.
func (r *reading) rest(buffered bool) {
	r.resting = r.reads == 1 && r.whole && r.bodiless && !buffered
	r.reads, r.whole, r.bodiless = 0, false, false
}

// endsHead reports whether a head ends with p, and none before it does. A line may end without CR for net/http.
func endsHead(p []byte) bool {
	return bytes.Index(p, []byte("\n\r\n")) == len(p)-3 && !bytes.Contains(p, []byte("\n\n"))
}

// socket reads from the connection itself.
func (c *Conn) socket(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.reading.took(p[:n])
	}
	return n, err
}

// readFirst is readFast before net/http has read anything. net/http has set the deadline of the first head.
func (c *Conn) readFirst(p []byte) (int, error) {
	defer c.fast.show(c)
	buf := make([]byte, lineBuffer)
	n, answered, err := c.readFast(buf)
	if answered && n > 0 {
		_ = c.SetReadDeadline(time.Now().Add(c.fast.Head)) // what fails shows by the next read
		n, err = c.refusePreface(buf, n)
	}
	if n == 0 {
		return 0, err
	}
	c.reading.took(buf[:n])
	return c.line.unread(p, buf, n), nil // the next call has the error
}

// refusePreface ends a connection whose next request is HTTP/2's preface (RFC 9113 section 3.4): that belongs at the
// beginning of a connection, where net/http believes to be. It reads on as far as is needed to know.
func (c *Conn) refusePreface(buf []byte, n int) (int, error) {
	const method = "PRI "
	for n < len(method) && string(buf[:n]) == method[:n] {
		m, err := c.Conn.Read(buf[n:])
		if n += m; err != nil {
			return n, err
		}
	}
	if string(buf[:min(n, len(method))]) == method {
		_ = c.Close()
		return 0, io.EOF
	}
	return n, nil
}

// readNext is readFast where net/http waits for its next request.
func (c *Conn) readNext(p []byte) (int, error) {
	n, _, err := c.readFast(p)
	if n > 0 {
		c.reading.took(p[:n])
	}
	return c.line.read(p, func([]byte) (int, error) { return n, err })
}

// readFast answers requests until there is one for net/http, which it reads into p. It reports whether it has answered any.
func (c *Conn) readFast(p []byte) (n int, answered bool, err error) {
	for {
		n, err = c.next(p)
		c.offered = n > 0 && err == nil && c.head.read(p[:n])
		verdict := NotTaken
		if c.offered {
			verdict = c.fast.Answer(c, &c.head)
		}
		if verdict == Answered && !answered && !c.reading.begun && !c.fast.hide(c) {
			verdict = Cut
		}
		switch verdict {
		case Answered:
			answered = true
			_ = c.ReadWithin(c.fast.Idle) // what fails shows by the next read
		case Cut:
			_ = c.Close()
			return 0, answered, io.EOF
		case NotTaken:
			if answered {
				_ = c.SetWriteDeadline(time.Time{}) // of the last answer
			}
			return n, answered, err
		}
	}
}

// next reads the next request, or the beginning of it.
func (c *Conn) next(p []byte) (int, error) {
	early := copy(p, c.early)
	c.early = nil
	n, err := c.Conn.Read(p[early:])
	if early > 0 {
		err = nil // the next call has it
	}
	return early + n, err
}

// Watch ends the connection's context when the client leaves: closes its end, or only the half by which it sends. net/http
// does so while a handler runs. The answer that is being given has to call stop, and wait for it, before it is out. Watch
// reads what the client sends meanwhile, one byte at most.
func (c *Conn) Watch() (stop func()) {
	if c.early != nil { // the next request has begun to come: the client is there
		return func() {}
	}
	var stopping atomic.Bool
	done := make(chan struct{})
	_ = c.SetReadDeadline(time.Time{})
	go func() {
		defer close(done)
		one := make([]byte, 1)
		n, err := c.Conn.Read(one)
		switch {
		case n > 0:
			c.early = one
		case err != nil && !stopping.Load():
			c.end()
		}
	}()
	return func() {
		stopping.Store(true)
		_ = c.SetReadDeadline(time.Unix(1, 0)) // what fails shows by the next read
		<-done
		_ = c.SetReadDeadline(time.Time{})
	}
}

// Context is that of the connection's requests in the fast lane, and ends with it.
func (c *Conn) Context() context.Context { return c.ctx }

// Seat is the connection's; nil: it is not counted.
func (c *Conn) Seat() *limit.Seat { return c.seat }

// idle notes that net/http's answer has gone out whole.
func (c *Conn) idle() {
	c.offered, c.learn = false, nil
	c.reading.rest(len(c.line.pending) > 0)
}

// Offered reports whether the request that net/http answers now was one for the fast lane by its head, and was left
// to net/http.
func (c *Conn) Offered() bool { return c.offered }

// Learn has fn see the head of the answer that InsertLines is for, as it is written: the status line, the lines,
// and the empty line. fn may keep it. It is not called where the head is written in parts.
func (c *Conn) Learn(fn func(head []byte)) { c.learn = fn }

// learned tells of the head that begins with what is held, and goes on with p.
func (k *cork) learned(p []byte) {
	learn := k.learn
	k.learn = nil
	if end := bytes.Index(p, []byte("\r\n\r\n")); learn != nil && end >= 0 {
		learn(append(bytes.Clone(k.held), p[:end+4]...))
	}
}
