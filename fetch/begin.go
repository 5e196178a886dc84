package fetch

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// torrent returns the torrent of an infohash, begun if it is new, and held until the caller
// calls unhold. One that is just ending, or being begun, is waited for. No lock is held while
// a torrent is begun: that may read the disk and parse.
func (s *Session) torrent(ctx context.Context, ih metainfo.InfoHash, h Hints) (*Torrent, error) {
	return s.torrentFor(ctx, ih, h, false)
}

func (s *Session) torrentFor(ctx context.Context, ih metainfo.InfoHash, h Hints, polite bool) (*Torrent, error) {
	id := ih
	if hashes, ok := s.store.Kept(ih); ok {
		id = hashes[0]
	}
	for {
		s.mu.Lock()
		t := s.torrents[ih]
		if t == nil {
			t = s.torrents[id]
		}
		wait := s.beginning[id]
		switch {
		case s.closed:
			s.mu.Unlock()
			return nil, ErrClosed
		case t != nil && !t.ending:
			t.hold()
			s.mu.Unlock()
			t.hint(h)
			return t, nil
		case t != nil:
			wait = t.ended
		case wait == nil:
			done := make(chan struct{})
			s.beginning[id] = done
			s.mu.Unlock()
			t, err := s.begin(ctx, ih, h, polite)
			s.mu.Lock()
			delete(s.beginning, id)
			close(done)
			again := errors.Is(err, peer.ErrExists) && s.torrents[ih] != nil // by its other infohash, meanwhile
			s.mu.Unlock()
			if again {
				continue
			}
			return t, err
		}
		s.mu.Unlock()
		select {
		case <-wait:
		case <-ctx.Done():
			return nil, s.late(ctx)
		}
	}
}

// begin starts a torrent, with its metadata if that is here.
func (s *Session) begin(ctx context.Context, ih metainfo.InfoHash, h Hints, polite bool) (*Torrent, error) {
	held, err := s.holding(ctx, ih, asker{client: h.Client, polite: polite})
	if err != nil && !unknown(err) {
		return nil, err
	}
	tctx, cancel := context.WithCancel(s.ctx)
	t := &Torrent{
		s: s, hash: ih, log: s.log.With("infohash", ih), epoch: time.Now(), name: h.Name, client: h.Client, known: held != nil,
		resolved: make(chan struct{}), ctx: tctx, cancel: cancel, wake: make(chan struct{}, 1), clients: make(map[netip.Prefix]int),
		ready: make(map[int]*cache.Buffer), ended: make(chan struct{}), begun: make(chan struct{}),
	}
	t.hold()
	if err := s.place(t, polite); err != nil {
		cancel()
		if held != nil {
			held.release()
		}
		return nil, err
	}
	if err := t.begin(held); err != nil {
		cancel()
		t.done.Wait()
		t.letGo(false)
		s.mu.Lock()
		delete(s.live, t)
		s.mu.Unlock()
		return nil, err
	}
	s.mu.Lock()
	closed := s.closed
	owner := s.user(ih)
	switch {
	case closed:
	case held == nil && owner != nil && t.resolving.CompareAndSwap(false, true):
		owner.hold()
		s.endJoined(t)
		s.mu.Unlock()
		t.swarm.GiveWay(owner.swarm)
		owner.hint(h)
		return owner, nil
	default:
		s.torrents[ih] = t
		s.alias(t)
	}
	s.mu.Unlock()
	if closed { // Close has looked at all that there were
		t.close(ctx, false)
		return nil, ErrClosed
	}
	s.instruct(t)
	t.hint(h)
	return t, nil
}

// begin starts the swarm, and the core where the metadata is here.
func (t *Torrent) begin(held *holding) error {
	s := t.s
	cfg := peer.SwarmConfig{
		Hashes: []metainfo.InfoHash{t.hash}, Demand: t, Supply: t,
		OnMetadata: t.onMetadata, MetadataRoom: func(held int64) bool { return s.gather(t, held) }, ServeHashes: t.serveHashes,
		Pull: t.pull, OnShelter: t.sheltered,
	}
	if held != nil {
		cfg.Hashes = held.info.Hashes()
	}
	t.before, t.policy = s.ledger.Of(cfg.Hashes...)
	t.seeds.kept = s.ledger.WebSeeds(cfg.Hashes...)
	cfg.Policy = t.policy
	cfg.Before = peer.Before{Downloaded: t.before.Downloaded, Uploaded: t.before.Uploaded, LastReader: t.before.LastReader}
	if held != nil {
		mt := held.metainfo()
		cfg.Trackers = mt.Trackers
		s.mu.Lock()
		t.superSeed = s.supers[mt.Info.ID()]
		s.mu.Unlock()
		t.addWebSeeds(mt.WebSeeds, netip.Prefix{})
		t.addWebSeeds(t.seeds.kept, netip.Prefix{})
		t.accept(held, mt.Layers)
		switch {
		case t.refused == nil:
			cfg.Info = held.info
		case errors.Is(t.refused, errJoined): // it is just being begun, or ending
			return ErrBusy
		}
	}
	swarm, err := s.host.NewSwarm(cfg)
	if err != nil {
		return err
	}
	t.swarm = swarm
	close(t.begun)
	if held == nil {
		t.addWebSeeds(t.seeds.kept, netip.Prefix{})
	} else {
		if !held.info.Private {
			swarm.AddNodes(held.metainfo().Nodes)
		}
		close(t.resolved)
		t.startWebSeeds()
	}
	return nil
}

// alias files a torrent under all of its hashes. The lock is held.
func (s *Session) alias(t *Torrent) {
	if t.info == nil {
		return
	}
	if len(s.kept) > s.keptMost {
		s.listKept()
	}
	for _, ih := range t.info.Hashes() {
		s.kept[ih.Wire()] = t.info.ID()
		if s.torrents[ih] == nil {
			s.torrents[ih] = t
		}
	}
}

// serve begins a torrent that the cache holds, when a peer asks for it: what we
// have is uploaded whether or not somebody reads it. It makes nothing else give
// way.
func (s *Session) serve(hash [20]byte) {
	s.mu.Lock()
	ih, ok := s.kept[hash]
	if !ok || s.torrents[ih] != nil {
		s.mu.Unlock()
		return
	}
	if _, kept := s.store.Kept(ih); !kept && s.holdings[ih] == nil {
		delete(s.kept, hash)
		s.mu.Unlock()
		return
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(s.ctx, beginTime)
	defer cancel()
	t, err := s.torrentFor(ctx, ih, Hints{}, true)
	if err == nil {
		t.unhold()
	} else if !errors.Is(err, ErrClosed) {
		s.log.Debug("a kept torrent was not begun", "infohash", ih, "error", err)
	}
}

// listKept takes the torrents of the cache anew: those that it gave up since then
// are not to stay for ever.
func (s *Session) listKept() {
	clear(s.kept)
	for _, ih := range s.store.List() {
		s.kept[ih.Wire()] = ih
	}
	s.keptMost = 2*len(s.kept) + s.maxTorrents
}
