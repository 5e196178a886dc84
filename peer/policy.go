package peer

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/btgw/btgw/metainfo"
)

// slotsNow is how many peers may be unchoked by the operator's policy: none where
// nothing is to be uploaded, or no reader has wanted the torrent for SeedTime, or
// nobody wants it and SeedRatio is reached. What counts against the ratio is what
// this swarm uploaded, for what we downloaded or, if that is more, what we have.
// mu is held.
func (s *Swarm) slotsNow(now time.Time) int {
	cfg := &s.host.cfg
	switch {
	case cfg.NoUpload:
		return 0
	case s.wanted:
		return cfg.UploadSlots + s.extra
	case cfg.SeedTime > 0 && now.Sub(s.unwanted) >= cfg.SeedTime:
		return 0
	case cfg.SeedRatio > 0 && float64(s.uploaded.Load()) >= cfg.SeedRatio*float64(s.share()):
		return 0
	}
	return cfg.UploadSlots + s.extra
}

// growSlots opens slots while others wait for one and each that is open carries a
// fastSlot: an uplink that nobody has limited is to be used. It does not double
// them more than once a slotLook. mu is held.
func (s *Swarm) growSlots(now time.Time) {
	cfg := &s.host.cfg
	if cfg.UploadRate > 0 || cfg.TorrentUploadRate > 0 || cfg.UploadSlots < 1 {
		return
	}
	uploaded, took := s.uploaded.Load(), now.Sub(s.looked)
	if took < slotLook {
		return
	}
	carries := int(float64(uploaded-s.lookedAt) / took.Seconds() / fastSlot)
	s.looked, s.lookedAt = now, uploaded
	most := min(2*(cfg.UploadSlots+s.extra), maxUploadSlots)
	s.extra = max(0, min(carries, most)-cfg.UploadSlots)
	s.choker.slots = s.slotsNow(now)
}

// share is how many bytes of the torrent we took, in this run or an earlier one.
// mu is held.
func (s *Swarm) share() int64 {
	share := s.downloaded.Load()
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

// grantFor is how many bytes a limit in bytes/s grants a connection at a time: an
// eighth of a second's worth, so that the peers of a slow line need not wait for
// each other, as far as blocks and the cost of a grant allow.
func grantFor(limit int64) int {
	return int(min(max(limit/8, metainfo.BlockLen), uploadBurst))
}

// limited reports whether there is a limit to what is uploaded.
func (s *Swarm) limited() bool { return s.host.upload != nil || s.upload != nil }

// reserve takes n bytes from the limits of the process and of the torrent, and
// returns after how long they may be sent.
func (s *Swarm) reserve(now time.Time, n int) (wait time.Duration) {
	for _, limit := range [...]*rate.Limiter{s.host.upload, s.upload} {
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
