package peer

import (
	"net/netip"

	"github.com/btgw/btgw/peer/book"
	"github.com/btgw/btgw/peer/discovery"
)

// unknownLeft is what we tell trackers is left while the size is not known: a
// peer with nothing left would be taken for a seed.
const unknownLeft = 16 << 10

// announce starts the announces of those infohashes that have none yet: a
// hybrid torrent is two swarms (BEP 52).
func (s *Swarm) announce() {
	s.mu.Lock()
	var started []*discovery.Trackers
	for !s.closed && len(s.trackers) < len(s.hashes) {
		t := discovery.New(discovery.Config{
			Announcer:  s.host.announcer,
			InfoHash:   s.hashes[len(s.trackers)].Wire(),
			PeerID:     s.host.cfg.PeerID,
			Port:       s.host.announcedPort,
			Progress:   s.progress,
			Found:      func(addrs []netip.AddrPort, by []netip.Prefix) { s.addPeers(book.SourceTracker, addrs, by...) },
			FoundNames: func(names []string, by []netip.Prefix) { s.addHostPorts(book.SourceTracker, names, by...) },
			Tiers:      s.cfg.Trackers,
			Log:        s.log,
			Private:    s.info != nil && s.info.Private,
		})
		t.SetDemand(s.demandNow())
		if len(s.trackers) > 0 {
			t.AddHints(s.trackers[0].Hints())
		}
		s.trackers = append(s.trackers[:len(s.trackers):len(s.trackers)], t)
		started = append(started, t)
	}
	s.mu.Unlock()
	for _, t := range started {
		t.Start()
	}
}

// AddTrackers makes trackers known, in tiers (BEP 12), that a client has named: they are
// asked while it waits. Those that the process itself names, with the zero Prefix, are the
// torrent's own. What is known already costs a look-up each.
func (s *Swarm) AddTrackers(tiers [][]string, client netip.Prefix) {
	s.mu.Lock()
	trackers := s.trackers
	wanted := s.wanted
	s.mu.Unlock()
	for _, t := range trackers {
		if t.Add(tiers, client) && wanted {
			t.Announce()
		}
	}
}

// demandNow returns the clients that need the torrent's peers. The caller holds mu.
func (s *Swarm) demandNow() discovery.Demand {
	d := discovery.Demand{Idle: s.idle()}
	for c := range s.clients {
		d.Clients = append(d.Clients, c)
	}
	return d
}

// idle reports whether nothing is to be looked for or announced: no client waits, and there
// is nothing to upload. A Swarm that was never told of a client is wanted or not
// (SetWanted). mu is held.
func (s *Swarm) idle() bool {
	return len(s.clients) == 0 && s.haveCount == 0 && (s.clients != nil || !s.wanted)
}

// tellDemand has the trackers and the DHT know who needs the torrent's peers. mu is held.
func (s *Swarm) tellDemand() {
	d := s.demandNow()
	for _, t := range s.trackers {
		t.SetDemand(d)
	}
	for _, x := range s.searches {
		x.Rest(d.Idle)
	}
}

// credit has those trackers know that named a peer which gives content. mu is held.
func (s *Swarm) credit() {
	for _, c := range s.conns {
		if c.credited || c.downloaded.Load() == 0 {
			continue
		}
		c.credited = true
		for _, e := range c.entries {
			for _, t := range s.trackers {
				t.Proved(e.Addr)
			}
		}
	}
}

// Trackers reports on each tracker, by infohash.
func (s *Swarm) Trackers() []discovery.TrackerStatus {
	s.mu.Lock()
	trackers := s.trackers
	s.mu.Unlock()
	var all []discovery.TrackerStatus
	for _, t := range trackers {
		all = append(all, t.Status()...)
	}
	return all
}

// progress is what trackers are told, in bytes.
func (s *Swarm) progress() (uploaded, downloaded, left int64) {
	uploaded, downloaded, left = s.uploaded.Load(), s.downloaded.Load(), unknownLeft
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.info == nil {
		return uploaded, downloaded, left
	}
	missing := int64(s.info.NumPieces() - s.haveCount)
	return uploaded, downloaded, min(missing*s.info.PieceLength, s.info.Size())
}
