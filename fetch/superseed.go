package fetch

import "github.com/btgw/btgw/metainfo"

// SetSuperSeed has a torrent that we have all of super-seeded (BEP 16), or no longer:
// each peer that connects from then on is told of one piece, and of the next when it
// has given that on, until others have all of them together. It is meant for content
// that nobody else has, and holds until the session ends. ErrUnknown where the
// metadata is not here.
func (s *Session) SetSuperSeed(ih metainfo.InfoHash, on bool) error {
	info, ok := s.Known(ih)
	if !ok {
		return ErrUnknown
	}
	s.policies.Lock()
	defer s.policies.Unlock()
	s.mu.Lock()
	t := s.torrents[ih]
	if on {
		s.supers[info.ID()] = true
	} else {
		delete(s.supers, info.ID())
	}
	s.mu.Unlock()
	if t != nil {
		t.swarm.SetSuperSeed(on)
	}
	return nil
}
