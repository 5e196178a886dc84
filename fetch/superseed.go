package fetch

import "github.com/btgw/btgw/metainfo"

// SetSuperSeed turns super-seeding (BEP 16) of a complete torrent on or off. Each peer
// that connects from then on is told of one piece, and of the next when it has given
// that on. This goes on until others have all of them together. It is meant for content
// that nobody else has, and holds until the session ends. The error is ErrUnknown where
// the metadata is not here.
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
