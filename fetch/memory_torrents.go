package fetch

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
)

// What torrents cost besides their pieces is counted too: metadata, trees, piece layers,
// the addresses and bitfields of peers, hashes on their way. It comes out of the same memory as pieces in
// flight, and may be half of that at most. Where there is no room, what nobody uses goes
// first, that which was used the longest ago. A client is alone with what nobody else asked
// for: while that is more than its share, it pushes out nothing but its own, and what it
// uses gives way to those that are below theirs.

// torrentLimit is how many bytes torrents may take.
func (s *Session) torrentLimit() int64 { return s.budget / 2 }

// count adds to the bytes that torrents take. The lock is held.
func (s *Session) count(n int64) { s.torrentBytes.Add(n) }

// claim counts n bytes for what somebody has begun, once there is room for them. ErrBusy
// where there will be none.
func (s *Session) claim(ctx context.Context, by asker, n int64) error {
	for {
		s.mu.Lock()
		if s.torrentBytes.Load()+n > s.torrentLimit() && !by.polite {
			ended, ok := s.makeWay(by.client, n)
			if ok && ended != nil {
				s.mu.Unlock()
				select {
				case <-ended:
					continue
				case <-ctx.Done():
					return s.late(ctx)
				}
			}
		}
		ok := s.torrentBytes.Load()+n <= s.torrentLimit()
		if ok {
			s.count(n)
		}
		s.mu.Unlock()
		if !ok {
			s.refusals.memory.Add(1)
			return ErrBusy
		}
		return nil
	}
}

// A candidate may make way for another torrent.
type candidate struct {
	h     *holding
	t     *Torrent // nil: it is not in use
	sole  netip.Prefix
	alone bool // of sole
	idle  bool
	over  bool // its client has more than its share
}

// makeWay lets go of what has to make way for n bytes of a client. It is false, and nothing
// goes, where that is not enough; ended is closed when the first of those is gone that take
// time. The lock is held.
func (s *Session) makeWay(client netip.Prefix, n int64) (ended <-chan struct{}, ok bool) {
	need := s.torrentBytes.Load() + n - s.torrentLimit()
	all, own := s.candidates()
	clients := len(own)
	if _, known := own[client]; client.IsValid() && !known {
		clients++
	}
	share := s.torrentLimit() / int64(max(minShares, clients))
	over := client.IsValid() && own[client]+n > share
	var going []candidate
	for _, c := range all {
		if c.t != nil && c.t.ending {
			ended = c.t.ended
			need -= c.h.size
			continue
		}
		c.over = c.alone && own[c.sole] > share
		mine := c.alone && c.sole == client
		switch {
		case c.idle && (!over || mine):
			going = append(going, c)
		case !c.idle && c.t != nil && !over && c.over && !mine:
			going = append(going, c)
		}
	}
	slices.SortFunc(going, func(a, b candidate) int {
		return cmp.Or(falseFirst(b.idle, a.idle), falseFirst(b.over, a.over), a.older(b))
	})
	enough := 0
	for ; enough < len(going) && need > 0; enough++ {
		need -= going[enough].h.size
	}
	if need > 0 {
		return nil, false
	}
	for _, c := range going[:enough] {
		if c.t == nil {
			c.h.close()
			continue
		}
		c.h.leaving = true
		s.end(c.t)
		ended = c.t.ended
	}
	return ended, true
}

// older puts what is not in use in the order of its last use, and what is the other way
// round: what has just begun is lost least.
func (c candidate) older(b candidate) int {
	if c.idle {
		return cmp.Compare(c.h.used, b.h.used)
	}
	return cmp.Compare(b.h.used, c.h.used)
}

// falseFirst puts true behind false.
func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// candidates are all that is held, and how much is each client's alone. The lock is held.
func (s *Session) candidates() (all []candidate, own map[netip.Prefix]int64) {
	own = make(map[netip.Prefix]int64)
	for ih, h := range s.holdings {
		if ih != h.info.ID() {
			continue
		}
		c := candidate{h: h, t: h.owner.Load(), idle: h.refs == 0}
		if c.t != nil && h.refs == 1 {
			_, c.idle = c.t.unused()
		}
		c.sole, c.alone = h.users.sole()
		if c.alone {
			own[c.sole] += h.size
		}
		all = append(all, c)
	}
	return all, own
}

// recount takes in what torrents in use have come to take, and lets go of what is unused
// where that is too much.
func (s *Session) recount() {
	var sought int64
	for _, t := range s.each() {
		h, n := t.bytes()
		s.mu.Lock()
		if h == nil {
			sought += n
		} else if h.size > 0 {
			h.size += n - t.counted
			s.count(n - t.counted)
			t.counted = n
		}
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count(sought - s.soughtBytes)
	s.soughtBytes = sought
	for s.torrentBytes.Load() > s.torrentLimit() {
		if ended, ok := s.makeWay(netip.Prefix{}, 0); !ok || ended != nil {
			return
		}
	}
}

// bookSize is what the addresses of the torrent's peers take.
func (t *Torrent) bookSize() int64 {
	select {
	case <-t.begun:
	default:
		return 0
	}
	return t.swarm.BookSize()
}

// bytes is what the torrent takes besides its holding: what is known of its peers, hashes on
// their way, copies of pieces that failed. A torrent that is being looked for has no holding yet.
func (t *Torrent) bytes() (*holding, int64) {
	known := t.bookSize()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return t.h, 0
	}
	if t.core == nil {
		return t.h, known
	}
	field := int64(t.info.NumPieces())/8 + 1
	n := known + torrentSize + int64(len(t.core.Links))*(field*fieldsOfPeer+linkSize)
	if t.plan != nil {
		n += t.plan.Bytes()
	}
	return t.h, n
}
