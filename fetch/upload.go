package fetch

import (
	"errors"
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/ledger"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Types of what Session tells and is told, for callers that know no more of swarms.
type (
	// UploadPolicy holds one torrent's exceptions from the rules of uploads.
	UploadPolicy = peer.UploadPolicy
	// SwarmStats are the numbers of a torrent's peers.
	SwarmStats = peer.SwarmStats
	// Totals are what a torrent took and gave, over all runs.
	Totals = ledger.Totals
)

// SetUploadPolicy lets change set the upload policy of a torrent, which is in use
// or in the cache, and returns it. It is obeyed at once, and kept over restarts.
// ErrUnknown, ErrBusy when there are too many policies, or change's error.
// change is called once, with locks: it must call nothing of the Session.
func (s *Session) SetUploadPolicy(ih metainfo.InfoHash, change func(*UploadPolicy) error) (UploadPolicy, error) {
	p, err := s.changePolicy(ih, change)
	if errors.Is(err, ledger.ErrFull) {
		err = ErrBusy
	}
	if err == nil {
		s.save()
	}
	return p, err
}

func (s *Session) changePolicy(ih metainfo.InfoHash, change func(*UploadPolicy) error) (p UploadPolicy, err error) {
	s.policies.Lock()
	defer s.policies.Unlock()
	s.mu.Lock()
	t := s.torrents[ih]
	hashes, ok := s.names(ih, t)
	s.mu.Unlock()
	if !ok {
		return p, ErrUnknown
	}
	if p, err = s.ledger.SetPolicy(change, hashes...); err == nil && t != nil {
		t.obey(p)
	}
	return p, err
}

// instruct has a torrent that is in the table now obey what was set since it looked, which
// was before.
func (s *Session) instruct(t *Torrent) {
	s.policies.Lock()
	defer s.policies.Unlock()
	names := t.names()
	s.mu.Lock()
	super := s.supers[names[0]]
	s.mu.Unlock()
	if super {
		t.swarm.SetSuperSeed(true)
	}
	if _, p := s.ledger.Of(names...); p != t.policy {
		t.obey(p)
	}
}

// StopUploads stops uploads of all torrents, whatever their policies say, or lets
// them begin again. It is kept over restarts.
func (s *Session) StopUploads(stop bool) {
	s.ledger.Stop(stop, s.host.StopUploads)
	s.save()
}

// UploadsStopped reports whether StopUploads stopped uploads, in this run or an
// earlier one.
func (s *Session) UploadsStopped() bool { return s.ledger.Stopped() }

// names are the infohashes of a torrent that is in use (t) or in the cache, the
// one that it is known by first. The lock is held.
func (s *Session) names(ih metainfo.InfoHash, t *Torrent) ([]metainfo.InfoHash, bool) {
	if h := s.holdings[ih]; h != nil {
		return h.info.Hashes(), true
	}
	if hashes, ok := s.store.Kept(ih); ok {
		return hashes, true
	}
	if t == nil {
		return nil, false
	}
	return t.names(), true
}

// names are the infohashes of the torrent, as far as they are known, the one that
// it is known by first.
func (t *Torrent) names() []metainfo.InfoHash {
	select {
	case <-t.resolved:
		if t.info != nil {
			return slices.Clone(t.info.Hashes())
		}
	default:
	}
	return []metainfo.InfoHash{t.hash}
}

// obey takes a policy over.
func (t *Torrent) obey(p peer.UploadPolicy) {
	t.mu.Lock()
	t.policy = p
	t.mu.Unlock()
	t.swarm.SetUploadPolicy(p)
}

// totals are what the torrent did in all runs. The lock is held.
func (t *Torrent) totals(uploaded int64) ledger.Totals {
	all := t.before
	all.Uploaded += uploaded
	all.Served += t.served
	if t.core != nil {
		all.Downloaded += t.core.Stats.Received
		all.Wasted += t.core.Stats.Wasted
	}
	if t.warm {
		all.LastReader = time.Now().Round(time.Second).UTC()
	}
	return all
}

// record puts the totals of a torrent and its web seeds into the ledger, unless it is
// to be forgotten.
func (t *Torrent) record() {
	t.s.mu.Lock()
	dropping := t.dropping
	t.s.mu.Unlock()
	if dropping {
		return
	}
	uploaded := t.swarm.Stats().Uploaded
	name := t.names()[0]
	t.mu.Lock()
	all := t.totals(uploaded)
	private := t.info != nil && t.info.Private
	used, good := len(t.seeds.all) > 0, t.seeds.keepable()
	t.mu.Unlock()
	t.s.ledger.Put(name, all)
	if used && !private {
		t.s.ledger.PutWebSeeds(name, good)
	}
}

// save puts the totals of all torrents into the ledger, and that into its file.
func (s *Session) save() {
	for _, t := range s.each() {
		t.record()
	}
	if err := s.ledger.Save(); err != nil {
		s.log.Warn("totals not kept", "error", err)
	}
}
