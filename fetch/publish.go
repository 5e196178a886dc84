package fetch

import (
	"net/netip"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// Publish has a torrent in use until Unpublish, so that it is announced and uploaded: its
// pieces come from o, besides what the cache has. ErrBusy where there is no place or no
// memory for it. It takes as long as two torrents need to end, 10 s each at most. It has no context: nothing is
// published by half.
func (s *Session) Publish(mt *metainfo.Torrent, o cache.Origin) error {
	s.store.SetOrigin(mt.Info, o)
	err := s.publish(mt)
	if err != nil {
		s.store.DropOrigin(mt.Info)
	}
	return err
}

func (s *Session) publish(mt *metainfo.Torrent) error {
	id := mt.Info.ID()
	if err := s.endUse(id); err != nil { // one in use does not know of the origin
		return err
	}
	for {
		if _, err := s.Add(s.ctx, mt); err != nil {
			return err
		}
		s.mu.Lock()
		t := s.torrents[id]
		if t != nil && !t.ending {
			t.published = true
			t.hold() // until it is removed
			s.mu.Unlock()
			t.swarm.SuperSeedCrowds()
			t.swarm.CallLeechers()
			return nil
		}
		s.mu.Unlock() // it made way for another one just now
	}
}

// endUse ends a torrent that is in use, and waits for that.
func (s *Session) endUse(id metainfo.InfoHash) error {
	s.mu.Lock()
	t := s.torrents[id]
	if t == nil {
		s.mu.Unlock()
		return nil
	}
	s.end(t)
	s.mu.Unlock()
	ctx, cancel := s.bounded(s.ctx)
	defer cancel()
	return s.awaitEnd(ctx, t)
}

// Unpublish takes back what Publish did: the torrent ends, and what the cache has of it is
// dropped.
func (s *Session) Unpublish(info *metainfo.Info) error {
	err := s.Remove(s.ctx, info.ID())
	s.store.DropOrigin(info)
	if unknown(err) {
		err = nil // it was removed already
	}
	return err
}

// Announced has a torrent that is published know of leechers that announced to a tracker of our
// own. A few of them at a time are dialled (peer.Swarm.CallLeechers).
func (s *Session) Announced(info *metainfo.Info, leechers []netip.AddrPort) {
	s.mu.Lock()
	t := s.torrents[info.ID()]
	published := t != nil && t.published && !t.ending
	s.mu.Unlock()
	if published {
		t.swarm.Announced(leechers...)
	}
}

// Recheck has pieces hashed whose files in the origin are not as they were: peers hear of
// what is wrong. It takes as long as that takes.
func (s *Session) Recheck(info *metainfo.Info, pieces []int) {
	for _, i := range pieces {
		if s.ctx.Err() != nil {
			return
		}
		s.store.RecheckOrigin(info, i)
	}
}
