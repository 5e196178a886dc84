package fetch

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/sibling"
)

// What a gateway does for its siblings: it looks for the metadata of torrents that it owns,
// and fetches pieces that they ask for, as for readers of its own.

// A pull is the demand of a sibling for one piece.
type pull struct {
	w    *sched.Window
	came func()
}

// pull wants a piece for a sibling, as if a reader waited for it.
func (t *Torrent) pull(piece int, wished bool, came func()) (stop func()) {
	<-t.begun
	t.want(netip.Prefix{})
	p := &pull{came: came}
	pos := int64(piece) * t.info.PieceLength
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		t.unwant(netip.Prefix{})
		return func() {}
	}
	now := t.now()
	open := t.core.Open
	if wished {
		open = t.core.Pull
	}
	p.w = open(now, pos, pos+int64(t.info.PieceSize(piece)))
	here := t.core.Have.Has(piece)
	if !here {
		if t.pulls == nil {
			t.pulls = make(map[int][]*pull)
		}
		t.pulls[piece] = append(t.pulls[piece], p)
	}
	bans := t.settle(now)
	set := t.comeTo(piece)
	t.mu.Unlock()
	t.punish(bans)
	t.hashCame(set)
	if here {
		came()
	}
	return sync.OnceFunc(func() { t.endPull(piece, p) })
}

// pulled takes out who waits for a piece that is here now. The lock is held.
func (t *Torrent) pulled(piece int) []*pull {
	all := t.pulls[piece]
	if all == nil {
		return nil
	}
	delete(t.pulls, piece)
	now := t.now()
	for _, p := range all {
		t.core.Ready(now, p.w)
	}
	return all
}

// siblingsAlone reports whether siblings want a piece, which they will keep, and nobody here reads it, or is about to. The
// lock is held.
func (t *Torrent) siblingsAlone(piece int) bool {
	pulls := t.pulls[piece]
	alone := len(pulls) > 0
	for _, w := range t.core.Windows {
		switch {
		case !t.core.Covers(w, piece):
		case w.For != nil:
			alone = true
		case !slices.ContainsFunc(pulls, func(p *pull) bool { return p.w == w }):
			return false
		}
	}
	return alone
}

// endPull takes the demand for a piece back.
func (t *Torrent) endPull(piece int, p *pull) {
	t.mu.Lock()
	if rest := slices.DeleteFunc(t.pulls[piece], func(x *pull) bool { return x == p }); len(rest) > 0 {
		t.pulls[piece] = rest
	} else {
		delete(t.pulls, piece)
	}
	now := t.now()
	t.core.Close(now, p.w)
	var bans []sched.Effect
	if !t.closed {
		t.leavePiece(piece)
		bans = t.settle(now)
	}
	t.mu.Unlock()
	t.punish(bans)
	t.unwant(netip.Prefix{})
}

// sheltered has web seeds rest while a sibling fetches the torrent for us.
func (t *Torrent) sheltered() {
	<-t.begun
	t.restWebSeeds(false)
}

// mention has the sibling that owns the torrent know where it may be found.
func (t *Torrent) mention(h Hints) {
	t.swarm.Mention(sibling.Hints{Trackers: h.Trackers, Peers: h.Peers, WebSeeds: h.WebSeeds, Torrents: h.Torrents})
}

// Deny sets which torrents are not fetched for siblings, and not looked for by the other
// infohash of a link.
func (s *Session) Deny(denied func(metainfo.InfoHash) bool) { s.denied.Store(&denied) }

func (s *Session) denies(ih metainfo.InfoHash) bool {
	denied := s.denied.Load()
	return denied != nil && (*denied)(ih)
}

// sought is what siblings ask for.
type sought struct {
	ih      metainfo.InfoHash
	standIn bool
}

// seek looks for the metadata of a torrent that a sibling asks for, for a while. What it
// asks for next are pieces. It does not block.
func (s *Session) seek(k sibling.Seek) {
	ih := k.InfoHash
	if s.denies(ih) {
		return
	}
	id := sought{ih, k.StandIn}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.seeking[id] || len(s.seeking) >= maxSeeking {
		return
	}
	s.seeking[id] = true
	s.done.Go(func() {
		s.find(k)
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.seeking, id)
	})
}

// find begins a torrent for a sibling, and waits for its metadata.
func (s *Session) find(k sibling.Seek) {
	ctx, cancel := context.WithTimeout(s.ctx, seekTime)
	defer cancel()
	ih := k.InfoHash
	t, err := s.torrent(ctx, ih, Hints{Trackers: k.Hints.Trackers, Peers: k.Hints.Peers, WebSeeds: k.Hints.WebSeeds, Torrents: k.Hints.Torrents})
	if err == nil {
		if k.StandIn {
			t.swarm.StandIn()
		}
		t.want(netip.Prefix{})
		t.unhold()
		select {
		case <-t.resolved:
			s.mu.Lock()
			names, _ := s.names(ih, t)
			s.mu.Unlock()
			if err = t.refused; slices.ContainsFunc(names, s.denies) {
				err = s.Remove(ctx, ih)
			}
		case <-ctx.Done():
			err = ctx.Err()
		}
		t.unwant(netip.Prefix{})
	}
	if err != nil {
		s.log.Debug("what a sibling asked for was not found", "infohash", ih, "error", err)
	}
}
