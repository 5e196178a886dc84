package simnet

// flow is one direction of a TCP connection: what waits at the sender, the
// windows that hold it back, what waits at the receiver.
type flow struct {
	net      *Network
	src, dst *Host
	from, to *Conn // who writes, who reads
	up       *uplink

	// Sender.
	unsent      ring[[]byte]
	unsentBytes int
	fin         bool // the end follows what is unsent
	finSent     bool
	dead        bool // reset: nothing is sent any more
	queued      bool // in up's ring
	sent        int64
	wake        int64 // when a planned kick comes; never if none is planned
	slow        slowStart
	reads       account // bytes read by the receiver, when the sender learns it
	freed       int64   // sum of what reads brought

	// The next fields describe bytes under way.
	undelivered         int
	lastFirst, lastLast int64
	lane                lane
	held                []*segment // arrived while the hosts were deaf

	// Receiver.
	ready      ring[[]byte]
	readyBytes int
	ended      bool // the sender's end has arrived
}

func newFlow(n *Network, from, to *Conn) *flow {
	f := &flow{net: n, src: from.host, dst: to.host, from: from, to: to, wake: never}
	f.up = &f.src.up
	if f.src == f.dst {
		f.up = &f.src.loop
	}
	f.slow.window = initialWindow
	return f
}

// put takes what fits of p into the send buffer and returns how much that was. What is given stays as it is, and is
// taken as it stands.
func (f *flow) put(p []byte, given bool) int {
	p = p[:min(len(p), f.net.cfg.SendBuffer-f.unsentBytes)]
	if len(p) == 0 {
		return 0
	}
	f.unsentBytes += len(p)
	if given && len(p) >= smallChunk {
		f.unsent.push(p[:len(p):len(p)])
		return len(p)
	}
	if f.unsent.len() > 0 {
		if tail := f.unsent.newest(); cap(*tail)-len(*tail) >= len(p) {
			*tail = append(*tail, p...)
			return len(p)
		}
	}
	chunk := make([]byte, len(p), max(len(p), smallChunk))
	copy(chunk, p)
	f.unsent.push(chunk)
	return len(p)
}

// smallChunk is the memory for a short write in bytes, so that more short
// writes find room in it.
const smallChunk = 512

// take is sender's: the next segment as the windows allow.
func (f *flow) take(limit int) (s *segment, stay bool) {
	s = f.cut(limit)
	f.queued = f.sendable()
	if !f.queued {
		f.planWake()
	}
	return s, f.queued
}

// cut takes the next segment from what is unsent.
func (f *flow) cut(limit int) *segment {
	if !f.sendable() {
		return nil
	}
	if f.unsentBytes == 0 {
		f.finSent = true
		return f.segment(finSegment, nil)
	}
	if f.dst.shaped {
		limit = min(limit, f.net.cfg.Segment)
	}
	data := f.fetch(min(limit, f.room(), f.unsentBytes))
	size := len(data)
	f.unsentBytes -= size
	f.sent += int64(size)
	f.slow.onSend(f.sent, f.net.now)
	f.src.sent += int64(size)
	if f.undelivered == 0 {
		f.dst.down.active++
	}
	f.undelivered += size
	if f.unsentBytes <= f.net.cfg.SendBuffer/2 {
		f.from.writable.Broadcast()
	}
	return f.segment(dataSegment, data)
}

// fetch takes up to size bytes from what is unsent, fewer only where the oldest
// write has a segment or more of them. Segments do not end where
// writes do, or fair turns would not be fair.
func (f *flow) fetch(size int) []byte {
	head := f.unsent.first()
	if len(*head) >= size || len(*head) >= f.net.cfg.Segment {
		size = min(size, len(*head))
		data := (*head)[:size:size]
		if *head = (*head)[size:]; len(*head) == 0 {
			f.unsent.pop()
		}
		return data
	}
	data := make([]byte, 0, size)
	for len(data) < size {
		head := f.unsent.first()
		n := min(size-len(data), len(*head))
		data = append(data, (*head)[:n]...)
		if *head = (*head)[n:]; len(*head) == 0 {
			f.unsent.pop()
		}
	}
	return data
}

func (f *flow) segment(k kind, data []byte) *segment {
	return &segment{kind: k, data: data, from: f.src, to: f.dst, flow: f}
}

// sendable reports whether take would give a segment.
func (f *flow) sendable() bool {
	switch {
	case f.dead || f.finSent || f.net.deaf(f.src, f.dst):
		return false
	case f.unsentBytes > 0:
		return f.room() > 0
	}
	return f.fin
}

// room is the bytes that the windows let go now.
func (f *flow) room() int {
	now := f.net.now
	f.freed += f.reads.collect(now)
	room := int64(f.net.cfg.Window) - (f.sent - f.freed)
	if f.src != f.dst && f.dst.down.rate > 0 {
		room = min(room, f.share()-int64(f.undelivered))
	}
	if room < int64(min(f.net.cfg.Segment, f.unsentBytes)) {
		room = 0 // no silly windows: segments would stay small for ever
	}
	if f.net.cfg.Mode == SlowStart && f.src != f.dst {
		room = min(room, f.slow.room(f.sent, now))
	}
	return int(max(room, 0))
}

// share is the bytes that may be undelivered before a slow downlink: its part
// of bandwidth × round trip among the connections that use it, and some slack.
func (f *flow) share() int64 {
	d := &f.dst.down
	others := d.active
	if f.undelivered == 0 {
		others++
	}
	pipe := float64(d.rate) * float64(2*f.net.oneWay(f.src, f.dst)) / 1e9
	return downlinkSlack + int64(pipe)/int64(max(others, 1))
}

// kick puts the flow into its uplink's ring if something may be sent.
func (f *flow) kick() {
	if f.queued {
		return
	}
	if f.sendable() {
		f.queued = true
		f.up.add(f)
		return
	}
	f.planWake()
}

// planWake plans a kick for when a window opens by itself. A window that opens
// by a delivery is seen in deliver.
func (f *flow) planWake() {
	if f.dead || f.unsentBytes == 0 || f.net.deaf(f.src, f.dst) {
		return
	}
	at := f.reads.next()
	if f.net.cfg.Mode == SlowStart {
		at = min(at, f.slow.acks.next())
	}
	if at < f.wake {
		f.wake = at
		f.net.plan(at, f)
	}
}

// fire is the kick that planWake planned.
func (f *flow) fire() {
	if f.net.now >= f.wake {
		f.wake = never
	}
	f.kick()
}

// deliver hands a segment to the receiver's socket.
func (f *flow) deliver(s *segment) {
	switch s.kind {
	case finSegment:
		f.ended = true
		f.to.readable.Broadcast()
		f.from.host.settle(f.from)
	case resetSegment:
		f.to.fail(errReset)
	default:
		f.deliverData(s.data)
	}
}

func (f *flow) deliverData(data []byte) {
	f.undelivered -= len(data)
	if f.undelivered == 0 {
		f.dst.down.active--
	}
	f.dst.received += int64(len(data))
	back := f.net.now + f.net.oneWay(f.dst, f.src)
	if f.net.cfg.Mode == SlowStart {
		f.slow.acks.add(back, len(data))
	}
	switch {
	case f.to.err != nil:
	case f.to.closed:
		f.to.reset()
	default:
		f.ready.push(data)
		f.readyBytes += len(data)
		f.to.readable.Broadcast()
	}
	f.kick()
}

// get moves what has arrived into p.
func (f *flow) get(p []byte) int {
	total := 0
	for total < len(p) && f.ready.len() > 0 {
		head := f.ready.first()
		n := copy(p[total:], *head)
		total += n
		if *head = (*head)[n:]; len(*head) == 0 {
			f.ready.pop()
		}
	}
	f.readyBytes -= total
	f.reads.add(f.net.now+f.net.oneWay(f.dst, f.src), total)
	if f.unsentBytes > 0 && !f.queued {
		f.planWake()
	}
	return total
}

// drop forgets what is unsent and lets nothing more be sent.
func (f *flow) drop() {
	f.dead = true
	f.unsent, f.unsentBytes = ring[[]byte]{}, 0
}

// release delivers what was held while the hosts were deaf.
func (f *flow) release() {
	held := f.held
	f.held = nil
	for _, s := range held {
		f.net.plan(f.net.now, s)
	}
	f.kick()
}
