package simnet

// kind is what a segment is.
type kind uint8

const (
	dataSegment kind = iota
	finSegment
	resetSegment
	datagram
)

// segment is what travels: some bytes of a connection, its end, or a datagram.
// It fires when its first byte reaches a downlink, then when its last byte is
// through.
type segment struct {
	kind kind
	data []byte
	from *Host
	to   *Host
	last int64 // when its last byte reaches the downlink

	// flow is the direction of a connection it belongs to; nil for a datagram.
	flow *flow
	// source and dest are a datagram's sockets, dest found on arrival.
	source *PacketConn
	dest   *PacketConn
	target udpTarget

	lane    *lane
	arrived bool // through the downlink
}

// launch sends a segment off whose service at the uplink lasts from start to
// end.
func (s *segment) launch(start, end int64) {
	n := s.from.net
	d := n.oneWay(s.from, s.to)
	first, last := start+d, end+d
	if f := s.flow; f != nil { // in order, even when the round trip shrinks
		first, last = max(first, f.lastFirst), max(last, f.lastLast)
		f.lastFirst, f.lastLast = first, last
	}
	s.last = last
	if s.from == s.to || !s.to.shaped {
		s.arrived = true
		n.plan(last, s)
		return
	}
	n.plan(first, s)
}

func (s *segment) fire() {
	if s.flow == nil {
		s.fireDatagram()
		return
	}
	switch {
	case s.from.net.deaf(s.from, s.to):
		s.flow.held = append(s.flow.held, s)
	case !s.arrived:
		s.lane = &s.flow.lane
		s.to.down.add(s)
	default:
		s.flow.deliver(s)
	}
}
