package fetch

import (
	"context"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// torrent returns the torrent of an infohash, begun if it is new. One that is
// just ending is waited for, which is bounded by closeTime.
func (s *Session) torrent(ih metainfo.InfoHash, h Hints) (*Torrent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := s.torrents[ih]; t != nil; t = s.torrents[ih] {
		if !t.ending {
			t.use()
			t.hint(h)
			return t, nil
		}
		s.mu.Unlock()
		<-t.ended
		s.mu.Lock()
	}
	mt, _ := s.store.Metainfo(ih)
	return s.begin(ih, mt, h)
}

// begin starts a torrent, with its metadata if that is known. The lock is held.
func (s *Session) begin(ih metainfo.InfoHash, mt *metainfo.Torrent, h Hints) (*Torrent, error) {
	if s.closed {
		return nil, ErrClosed
	}
	if len(s.torrents) >= s.maxTorrents && !s.makeRoom() {
		return nil, ErrBusy
	}
	ctx, cancel := context.WithCancel(s.ctx)
	t := &Torrent{
		s: s, hash: ih, log: s.log.With("infohash", ih), epoch: time.Now(), name: h.Name,
		resolved: make(chan struct{}), ctx: ctx, cancel: cancel, wake: make(chan struct{}, 1),
		ready: make(map[int]*cache.Buffer), lastUsed: time.Now(), ended: make(chan struct{}), begun: make(chan struct{}),
	}
	cfg := peer.SwarmConfig{
		Hashes: []metainfo.InfoHash{ih}, Demand: t, Supply: t,
		OnMetadata: t.onMetadata, ServeHashes: t.serveHashes,
	}
	if mt != nil {
		cfg.Hashes = mt.Info.Hashes()
	}
	t.before, t.policy = s.ledger.of(cfg.Hashes...)
	t.seeds.kept = s.ledger.webSeeds(cfg.Hashes...)
	cfg.Policy = t.policy
	cfg.Before = peer.Before{Downloaded: t.before.Downloaded, Uploaded: t.before.Uploaded, LastReader: t.before.LastReader}
	if mt != nil {
		cfg.Trackers = mt.Trackers
		t.addWebSeeds(mt.WebSeeds)
		t.addWebSeeds(t.seeds.kept)
		t.accept(mt)
		if t.refused == nil {
			cfg.Info = mt.Info
		}
	}
	swarm, err := s.host.NewSwarm(cfg)
	if err != nil {
		cancel()
		t.done.Wait()
		if t.stored != nil {
			t.stored.Close()
		}
		return nil, err
	}
	t.swarm = swarm
	close(t.begun)
	if mt == nil {
		t.addWebSeeds(t.seeds.kept)
	} else {
		close(t.resolved)
		t.startWebSeeds()
	}
	s.torrents[ih] = t
	if mt != nil {
		s.alias(t)
		swarm.SetSuperSeed(s.supers[mt.Info.ID()])
	}
	t.hint(h)
	return t, nil
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
	defer s.mu.Unlock()
	ih, ok := s.kept[hash]
	if !ok || s.torrents[ih] != nil || len(s.torrents) >= s.maxTorrents {
		return
	}
	mt, ok := s.store.Metainfo(ih)
	if !ok {
		delete(s.kept, hash)
		return
	}
	if _, err := s.begin(ih, mt, Hints{}); err != nil {
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
