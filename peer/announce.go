package peer

import (
	"net/netip"

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
			Network:  s.host.cfg.Network,
			InfoHash: s.hashes[len(s.trackers)].Wire(),
			PeerID:   s.host.cfg.PeerID,
			Port:     s.host.announcedPort,
			Progress: s.progress,
			Found:    func(addrs []netip.AddrPort) { s.AddPeers(SourceTracker, addrs...) },
			Tiers:    s.cfg.Trackers,
			Log:      s.log,
			Private:  s.info != nil && s.info.Private,
		})
		s.trackers = append(s.trackers[:len(s.trackers):len(s.trackers)], t)
		started = append(started, t)
	}
	s.mu.Unlock()
	for _, t := range started {
		t.Start()
	}
}

// AddTrackers makes trackers known, in tiers (BEP 12). Those that are known
// already cost a look-up each.
func (s *Swarm) AddTrackers(tiers [][]string) {
	s.mu.Lock()
	tiers = s.unknownTrackers(tiers)
	if len(tiers) == 0 {
		s.mu.Unlock()
		return
	}
	s.cfg.Trackers = append(s.cfg.Trackers[:len(s.cfg.Trackers):len(s.cfg.Trackers)], tiers...)
	trackers := s.trackers
	wanted := s.wanted
	s.mu.Unlock()
	for _, t := range trackers {
		t.Add(tiers)
		if wanted {
			t.Announce()
		}
	}
}

// unknownTrackers returns what of tiers was not known, which is known from then on.
// mu is held.
func (s *Swarm) unknownTrackers(tiers [][]string) (unknown [][]string) {
	if s.trackerURLs == nil {
		s.trackerURLs = make(map[string]struct{})
		for _, tier := range s.cfg.Trackers {
			for _, u := range tier {
				s.trackerURLs[u] = struct{}{}
			}
		}
	}
	for _, tier := range tiers {
		var added []string
		for _, u := range tier {
			if _, known := s.trackerURLs[u]; !known && len(s.trackerURLs) < maxTrackers {
				s.trackerURLs[u] = struct{}{}
				added = append(added, u)
			}
		}
		if added != nil {
			unknown = append(unknown, added)
		}
	}
	return unknown
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
