package peer

import (
	"fmt"

	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/choke"
)

// An UploadPolicy is where one torrent departs from what HostConfig says of
// uploads. Nil fields do not depart from it.
type UploadPolicy struct {
	// Rate bounds the blocks uploaded, in bytes/s, beside the limit of all
	// torrents: MinUploadRate or more, or 0 for no limit.
	Rate *int64 `json:"upload_rate,omitempty"`
	// SeedTime is as in HostConfig, in seconds, up to MaxSeedTime.
	SeedTime *int64 `json:"seed_time,omitempty"`
	// SeedRatio is as in HostConfig, up to MaxSeedRatio.
	SeedRatio *float64 `json:"seed_ratio,omitempty"`
	// Stopped uploads nothing, a reader or not.
	Stopped *bool `json:"stopped,omitempty"`
}

// Bounds of an UploadPolicy.
const (
	// MinUploadRate is in bytes/s: at less, a block takes a minute.
	MinUploadRate = 1 << 10
	// MaxSeedTime is in seconds: ten years.
	MaxSeedTime = 10 * 365 * 24 * 3600
	// MaxSeedRatio is beyond what anybody uploads: a million copies.
	MaxSeedRatio = 1e6
)

// Check reports what is out of bounds.
func (p *UploadPolicy) Check() error {
	switch {
	case p.Rate != nil && *p.Rate != 0 && *p.Rate < MinUploadRate:
		return fmt.Errorf("peer: upload_rate of %d bytes/s: %d is the least, 0 no limit", *p.Rate, MinUploadRate)
	case p.SeedTime != nil && (*p.SeedTime < 0 || *p.SeedTime > MaxSeedTime):
		return fmt.Errorf("peer: seed_time of %d s: 0 to %d are allowed", *p.SeedTime, MaxSeedTime)
	case p.SeedRatio != nil && !(*p.SeedRatio >= 0 && *p.SeedRatio <= MaxSeedRatio):
		return fmt.Errorf("peer: seed_ratio of %v: 0 to %d are allowed", *p.SeedRatio, int64(MaxSeedRatio))
	}
	return nil
}

// Clone is a copy that shares nothing with p.
func (p UploadPolicy) Clone() UploadPolicy {
	return UploadPolicy{clone(p.Rate), clone(p.SeedTime), clone(p.SeedRatio), clone(p.Stopped)}
}

func clone[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// limits are the rules of a torrent: the policy over what HostConfig says.
type limits struct {
	rate      int64
	seedTime  time.Duration
	seedRatio float64
	slots     int
	stopped   bool
}

func (cfg *HostConfig) limits(p UploadPolicy) limits {
	l := limits{cfg.TorrentUploadRate, cfg.SeedTime, cfg.SeedRatio, cfg.UploadSlots, cfg.NoUpload || p.Stopped != nil && *p.Stopped}
	if p.Rate != nil {
		l.rate = *p.Rate
		l.slots = choke.SlotsFor(smaller(cfg.UploadRate, l.rate))
	}
	if p.SeedTime != nil {
		l.seedTime = time.Duration(*p.SeedTime) * time.Second
	}
	if p.SeedRatio != nil {
		l.seedRatio = *p.SeedRatio
	}
	return l
}

// SetUploadPolicy changes the rules of the torrent, at once. p was checked.
func (s *Swarm) SetUploadPolicy(p UploadPolicy) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.limits.rate
	s.obey(p)
	s.enforce(time.Now())
	if s.limits.rate == before {
		return
	}
	for _, c := range s.conns {
		c.wakeWriter() // it may wait for what the old limit grants
	}
}

// obey takes the rules over. mu is held, or nobody else knows s.
func (s *Swarm) obey(p UploadPolicy) {
	l := s.host.cfg.limits(p)
	if s.upload.Load() == nil || l.rate != s.limits.rate {
		s.upload.Store(&torrentLimit{newLimiter(l.rate), grantFor(smaller(s.host.cfg.UploadRate, l.rate))})
	}
	if l.rate != s.limits.rate {
		s.extra = 0
	}
	s.limits = l
}

// enforce gives free slots where there are more now, and where nothing is to be
// uploaded takes all, and what was granted, without waiting for the round. mu is
// held.
func (s *Swarm) enforce(now time.Time) {
	s.allot(now)
	if !s.stopped() {
		return
	}
	for _, c := range s.conns {
		c.withdraw()
		s.setSlot(now, c, false)
	}
}

// withdraw takes back what a choked peer may have (BEP 6).
func (c *Conn) withdraw() {
	c.wmu.Lock()
	c.grants = nil
	if c.choking {
		c.rejectUploads()
	}
	c.queued()
}

// stopped reports whether the operator has stopped uploads. mu is held.
func (s *Swarm) stopped() bool { return s.limits.stopped || s.host.stopped.Load() }

// StopUploads stops uploads of all torrents, whatever their policies say, or lets
// them begin again.
func (h *Host) StopUploads(stop bool) {
	h.stopped.Store(stop)
	h.mu.Lock()
	all := h.distinct()
	h.mu.Unlock()
	for _, s := range all {
		s.mu.Lock()
		s.enforce(time.Now())
		s.mu.Unlock()
	}
}

// slotsNow returns how many peers may be unchoked by the operator's policy. It returns
// 0 where nothing is to be uploaded, or no reader has wanted the torrent for the seed
// time. It also does so where no reader wants it and the seed ratio is reached. The
// ratio compares the uploaded bytes, earlier runs included, with the downloaded bytes
// or, if that is more, the bytes that we have. The caller holds mu.
func (s *Swarm) slotsNow(now time.Time) int {
	l := &s.limits
	switch {
	case s.stopped():
		return 0
	case s.wanted:
		return l.slots + s.extra
	case l.seedTime > 0 && now.Sub(s.unwanted) >= l.seedTime:
		return 0
	case l.seedRatio > 0 && float64(s.cfg.Before.Uploaded+s.uploaded.Load()-s.insideUp.Load()) >= l.seedRatio*float64(s.share()):
		return 0
	}
	return l.slots + s.extra
}

// growSlots opens slots while others wait for one and each that is open carries a
// fastSlot: an uplink that nobody has limited is to be used. It does not double
// them more than once a slotLook. mu is held.
func (s *Swarm) growSlots(now time.Time) {
	l := &s.limits
	if s.host.cfg.UploadRate > 0 || l.rate > 0 || l.slots < 1 {
		return
	}
	uploaded, took := s.uploaded.Load(), now.Sub(s.looked)
	if took < slotLook {
		return
	}
	carries := int(float64(uploaded-s.lookedAt) / took.Seconds() / fastSlot)
	s.looked, s.lookedAt = now, uploaded
	most := min(2*(l.slots+s.extra), maxUploadSlots)
	s.extra = max(0, min(carries, most)-l.slots)
	s.choker.Slots = s.slotsNow(now)
}

// share is how many bytes of the torrent we took, in this run or an earlier one.
// mu is held.
func (s *Swarm) share() int64 {
	share := s.cfg.Before.Downloaded + s.downloaded.Load()
	if s.info != nil {
		share = max(share, min(int64(s.haveCount)*s.info.PieceLength, s.info.Size()))
	}
	return max(share, 1)
}

// newLimiter makes a limit in bytes/s; nil for 0, which is none. A tenth of a
// second's worth may go at once, and never less than the longest request.
func newLimiter(limit int64) *rate.Limiter {
	if limit <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(limit), int(max(limit/10, uploadBurst)))
}

// grantFor returns how many bytes a limit in bytes/s grants a connection at a time.
// That is an eighth of a second's worth, as far as blocks and the cost of a grant
// allow. So the peers of a slow line need not wait for each other.
func grantFor(limit int64) int {
	return int(min(max(limit/8, metainfo.BlockLen), uploadBurst))
}

// A torrentLimit bounds what is uploaded of a torrent; it is replaced when the
// policy changes.
type torrentLimit struct {
	bucket *rate.Limiter // nil: unlimited
	grant  int           // bytes that the limits grant a connection at a time
}

// limited reports whether there is a limit to what is uploaded.
func (s *Swarm) limited() bool { return s.host.upload != nil || s.upload.Load().bucket != nil }

// reserve takes n bytes from the limits of the process and of the torrent, and
// returns after how long they may be sent.
func (s *Swarm) reserve(now time.Time, n int) (wait time.Duration) {
	for _, limit := range [...]*rate.Limiter{s.host.upload, s.upload.Load().bucket} {
		if limit != nil {
			wait = max(wait, limit.ReserveN(now, n).DelayFrom(now))
		}
	}
	return wait
}

// smaller is the smaller of two limits, 0 being none.
func smaller(a, b int64) int64 {
	if a <= 0 || b > 0 && b < a {
		return b
	}
	return a
}
