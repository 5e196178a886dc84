package simnet

// link is one direction of a host's access: it serves one segment at a time.
type link struct {
	net  *Network
	rate int64 // bytes a second; 0: no limit
	rest int64 // what integer division left of the last service, in byte·ns
	busy bool
}

// cost is how long n bytes take from now on. Fractions of a nanosecond are
// carried over, so that P bytes back to back take exactly P/B.
func (l *link) cost(n int) int64 {
	if l.rate <= 0 || n == 0 {
		return 0
	}
	const second = 1_000_000_000
	work := int64(n)*second + l.rest
	l.rest = work % l.rate
	return work / l.rate
}

// idle forgets the carried fraction when a link runs out of work.
func (l *link) idle() { l.rest = 0 }

// sender has something to put on an uplink: a direction of a connection or a
// datagram socket. While it is in an uplink's ring it knows so.
type sender interface {
	// take gives the next segment of at most limit bytes, nil if none may go
	// now, and whether it stays in the ring.
	take(limit int) (s *segment, stay bool)
}

// uplink serves its senders round-robin.
type uplink struct {
	link
	ring ring[sender]
}

// add lets a sender that is not in the ring take its turns.
func (u *uplink) add(s sender) {
	u.ring.push(s)
	u.serve()
}

func (u *uplink) serve() {
	for !u.busy {
		s, ok := u.ring.pop()
		if !ok {
			u.idle()
			return
		}
		size := u.net.cfg.Segment
		if u.rate <= 0 {
			size = max(size, maxSegment)
		}
		seg, stay := s.take(size)
		if stay {
			u.ring.push(s)
		}
		if seg == nil {
			continue
		}
		end := u.net.now + u.cost(len(seg.data))
		seg.launch(u.net.now, end)
		if end > u.net.now {
			u.busy = true
			u.net.plan(end, u)
		}
	}
}

// fire ends the service of a segment.
func (u *uplink) fire() {
	u.busy = false
	u.serve()
}

// lane is what waits before a downlink for one connection or datagram socket.
type lane struct {
	segs ring[*segment]
	in   bool // in the downlink's ring
	size int  // bytes waiting
}

// downlink serves its lanes round-robin.
type downlink struct {
	link
	ring   ring[*lane]
	active int // connections with undelivered bytes on their way here
}

// add queues a segment whose first byte has just arrived.
func (d *downlink) add(s *segment) {
	s.lane.segs.push(s)
	s.lane.size += len(s.data)
	if !s.lane.in {
		s.lane.in = true
		d.ring.push(s.lane)
	}
	d.serve()
}

func (d *downlink) serve() {
	for !d.busy {
		l, ok := d.ring.pop()
		if !ok {
			d.idle()
			return
		}
		s, _ := l.segs.pop()
		l.size -= len(s.data)
		if l.in = l.segs.len() > 0; l.in {
			d.ring.push(l)
		}
		end := d.net.now + d.cost(len(s.data))
		s.arrived = true
		d.net.plan(max(end, s.last), s)
		if end > d.net.now {
			d.busy = true
			d.net.plan(end, d)
		}
	}
}

// fire ends the service of a segment.
func (d *downlink) fire() {
	d.busy = false
	d.serve()
}

// ring is a first-in-first-out queue that reuses its memory.
type ring[T any] struct {
	items []T
	head  int
}

func (r *ring[T]) len() int { return len(r.items) - r.head }

func (r *ring[T]) push(v T) {
	if 2*r.head > len(r.items) && len(r.items) == cap(r.items) {
		n := copy(r.items, r.items[r.head:])
		clear(r.items[n:])
		r.items, r.head = r.items[:n], 0
	}
	r.items = append(r.items, v)
}

func (r *ring[T]) pop() (v T, ok bool) {
	if r.len() == 0 {
		return v, false
	}
	var zero T
	v, r.items[r.head] = r.items[r.head], zero
	r.head++
	if r.head == len(r.items) {
		r.items, r.head = r.items[:0], 0
	}
	return v, true
}

// first gives the oldest item for change in place; only if len is not 0.
func (r *ring[T]) first() *T { return &r.items[r.head] }

// newest gives the youngest item for change in place; only if len is not 0.
func (r *ring[T]) newest() *T { return &r.items[len(r.items)-1] }
