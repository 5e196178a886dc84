package simnet

import (
	"bufio"
	"encoding/binary"
	"io"
	"net/netip"
	"slices"
	"time"
)

// seedConn is one connection of a Seed. Its fields belong to the Seed's lock,
// except conn and addr.
type seedConn struct {
	seed   *Seed
	conn   *Conn
	addr   netip.AddrPort // the peer's
	number int            // order of handshakes; -1 before
	wake   chan struct{}
	ended  chan struct{} // closed when reading ends

	fast, extended bool
	greeted        bool // the first messages are on their way
	choked         bool
	interested     bool
	wasUnchoked    bool
	turned         time.Duration // when it was last choked or unchoked, since the Seed's start
	metadataID     int           // the peer's number for ut_metadata
	unchokeAt      time.Time     // planned unchoke; zero: none
	out            []delayed
	blocks         []blockAsk
	jammed         bool // it answers no request (Behaviour.Jam)
	closing        bool
	metadata       metadataQueue

	// What a leeching Seed knows of the peer.
	theirs []bool
	lets   bool       // the peer lets us download
	asked  []blockAsk // outstanding

	allotment allotment
	shown     shown
}

// delayed is a message and when it may leave.
type delayed struct {
	at       time.Time
	b        []byte
	metadata bool // a part of the info dictionary
}

// blockAsk is a request that waits for its service.
type blockAsk struct {
	at                   time.Time
	piece, begin, length int
}

// run is a connection's life: it reads; a second goroutine writes.
func (p *seedConn) run(dialled bool) {
	defer p.leave()
	s := p.seed
	if dialled {
		if _, err := p.conn.Write(s.greeting()); err != nil {
			return
		}
	}
	fast, extended, err := s.readGreeting(p.conn)
	if err != nil {
		return
	}
	if s.cfg.StrictFirstFlight && p.moreIsHere() {
		s.mu.Lock()
		s.stats.Offences++
		s.mu.Unlock()
		return
	}
	if !dialled {
		time.Sleep(s.cfg.HandshakeDelay)
		if _, err := p.conn.Write(s.greeting()); err != nil {
			return
		}
	}
	time.Sleep(s.cfg.ReplyDelay)
	p.greet(fast, extended)
	s.wg.Go(p.writeLoop)
	p.readLoop()
}

// moreIsHere reports whether bytes wait behind the handshake that were in its
// flight.
func (p *seedConn) moreIsHere() bool {
	time.Sleep(firstFlightGrace)
	c := p.conn
	c.net.lock()
	defer c.net.unlock()
	return c.in.readyBytes > 0
}

// greet queues the first messages: one write, as most clients do.
func (p *seedConn) greet(fast, extended bool) {
	s := p.seed
	s.mu.Lock()
	defer s.mu.Unlock()
	p.number = s.stats.Conns
	s.stats.Conns++
	p.fast, p.extended, p.greeted, p.turned = fast, extended, true, time.Since(s.start)
	var first []byte
	if extended {
		first = append(first, s.extendedHandshake()...)
	}
	if s.cfg.SuperSeed {
		p.shown.begin(len(s.has))
		if fast {
			first = append(first, message(msgHaveNone)...)
		}
	} else {
		first = append(first, s.possession(fast)...)
	}
	if fast {
		for _, i := range s.cfg.AllowedFast {
			first = append(first, message(msgAllowedFast, i)...)
		}
	}
	if s.cfg.Leech > 0 {
		first = append(first, message(msgInterested)...)
	}
	p.say(first)
	if s.cfg.Unchoke == Preemptive {
		p.offerSlot()
	}
}

// offerSlot unchokes the peer if there is a free slot.
func (p *seedConn) offerSlot() {
	s := p.seed
	if p.choked && (s.cfg.Slots == 0 || s.unchoked < s.cfg.Slots) {
		p.setChoked(false)
	}
}

// setChoked chokes or unchokes and rejects what was asked for when choking.
func (p *seedConn) setChoked(choke bool) {
	s := p.seed
	p.choked = choke
	p.turned = time.Since(s.start)
	if !choke {
		p.wasUnchoked = true
		s.unchoked++
		s.stats.Unchoked++
		p.say(message(msgUnchoke))
		return
	}
	s.unchoked--
	p.say(message(msgChoke))
	for _, b := range p.blocks {
		if p.fast {
			p.say(message(msgReject, b.piece, b.begin, b.length))
		}
	}
	p.blocks = nil
}

// say queues a message.
func (p *seedConn) say(b []byte) { p.sayAfter(b, 0) }

func (p *seedConn) sayAfter(b []byte, d time.Duration) {
	if len(b) == 0 {
		return
	}
	p.out = append(p.out, delayed{at: time.Now().Add(d), b: b})
	p.poke()
}

// poke wakes the writer.
func (p *seedConn) poke() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// end closes the connection.
func (p *seedConn) end() {
	p.closing = true
	p.conn.Close()
	p.poke()
}

// leave is the end of a connection.
func (p *seedConn) leave() {
	p.conn.Close()
	s := p.seed
	s.mu.Lock()
	defer s.mu.Unlock()
	p.closing = true
	s.conns = slices.DeleteFunc(s.conns, func(c *seedConn) bool { return c == p })
	s.limiter.waiting = slices.DeleteFunc(s.limiter.waiting, func(c *seedConn) bool { return c == p })
	close(p.ended)
	p.giveBack()
	if p.choked {
		return
	}
	s.unchoked--
	for _, c := range s.conns { // the slot goes to one that waits
		if c.greeted && (s.cfg.Unchoke == Preemptive || s.cfg.Unchoke == OnInterested && c.interested) {
			c.offerSlot()
		}
	}
}

// writeLoop writes what is queued, messages before blocks.
func (p *seedConn) writeLoop() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	last := time.Now()
	for {
		b, wait := p.nextWrite(last)
		if b == nil {
			timer.Reset(wait)
			select {
			case <-p.ended:
				return
			case <-p.wake:
			case <-timer.C:
			}
			continue
		}
		if err := p.conn.give(b); err != nil {
			p.conn.Close()
			return
		}
		last = time.Now()
		p.seed.dieIfDue()
	}
}

// nextWrite is what can be written now, or how long to wait at most.
func (p *seedConn) nextWrite(last time.Time) ([]byte, time.Duration) {
	s := p.seed
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	wait := last.Add(keepAliveInterval).Sub(now)
	p.metadata.writing = 0
	if s.stalled || p.closing {
		return nil, time.Hour
	}
	wait = p.metadataDue(now, wait)
	if !p.unchokeAt.IsZero() {
		if !now.Before(p.unchokeAt) {
			p.unchokeAt = time.Time{}
			p.offerSlot()
		} else {
			wait = min(wait, p.unchokeAt.Sub(now))
		}
	}
	var b []byte
	for i := 0; i < len(p.out); {
		if m := p.out[i]; m.at.After(now) {
			wait = min(wait, m.at.Sub(now))
			i++
			continue
		}
		b = append(b, p.out[i].b...)
		if p.out[i].metadata {
			p.metadata.owed--
		}
		p.out = append(p.out[:i], p.out[i+1:]...)
	}
	if b != nil {
		p.metadata.handOver(now, len(b))
		return b, 0
	}
	if len(p.blocks) > 0 {
		next := p.blocks[0]
		switch {
		case p.jammed:
		case next.at.After(now):
			wait = min(wait, next.at.Sub(now))
		case p.mayUpload():
			p.blocks = p.blocks[1:]
			b := p.block(next)
			p.metadata.handOver(now, len(b))
			return b, 0
		}
	}
	if wait <= 0 {
		return keepAlive(), 0
	}
	return nil, wait
}

// block makes the message of a block and counts it; what follows the last
// block of a life or before a stall is decided here too.
func (p *seedConn) block(a blockAsk) []byte {
	s := p.seed
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 13+a.length), uint32(9+a.length))
	b = append(b, msgPiece)
	b = binary.BigEndian.AppendUint32(b, uint32(a.piece))
	b = binary.BigEndian.AppendUint32(b, uint32(a.begin))
	data := b[13 : 13+a.length]
	if _, err := s.cfg.Content.ReadAt(data, int64(a.piece)*int64(s.cfg.PieceLength)+int64(a.begin)); err != nil && err != io.EOF {
		p.end()
		return nil
	}
	if s.cfg.Lie != nil {
		s.cfg.Lie(a.piece, a.begin, data)
	}
	s.stats.Blocks++
	s.stats.Bytes += int64(a.length)
	p.uploaded(int64(a.length))
	if s.cfg.StallAfter > 0 && s.stats.Blocks >= s.cfg.StallAfter {
		s.stalled = true
	}
	if s.cfg.DieAfter > 0 && s.stats.Bytes >= s.cfg.DieAfter {
		s.dying = true
	}
	return b[:13+a.length]
}

// readLoop handles messages until the connection ends.
func (p *seedConn) readLoop() {
	r := bufio.NewReader(p.conn)
	for {
		m, err := readMessage(r)
		if err != nil {
			return
		}
		if len(m) > 0 && !p.handle(m[0], m[1:]) {
			return
		}
	}
}
