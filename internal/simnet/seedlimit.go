package simnet

import (
	"math"
	"time"
)

// The rate limiter is that of libtorrent 2.0 (its bandwidth_manager). It hands out
// bandwidth twice a second, to the peers that wait for it. A peer whose allotment is
// used up waits for another, of at least its send buffer, or else of the bytes it got
// in a second. It goes on when it has all of that. So at some megabytes a second a peer
// gets the bytes of a second in one burst, and then nothing for up to a second. A slow
// peer, below 1 MB/s, has read no more than it sends in a tick, and gets that at each tick:
// at 200 kB/s these are some six blocks.
const (
	limitTick = 500 * time.Millisecond
	// limitBuffer is the most that libtorrent has read for a peer ahead of sending it, in
	// bytes, past taking back (its send_buffer_watermark).
	limitBuffer = 500 << 10
)

// ahead returns the bytes that the Seed has read for a peer ahead of sending them.
func (b *Behaviour) ahead() int64 {
	return min(limitBuffer, int64(float64(b.UploadLimit)*limitTick.Seconds()))
}

// LongestPause returns the longest time for which a Seed with an UploadLimit sends
// nothing to one of served peers, however much they request. It holds if its bursts are
// shorter than a tick (three times the limit). It returns 0 without a limit. The bytes
// that a peer got in a second, as the limiter counts them, may be a quarter more than
// its part: two bursts and a half in two seconds.
func (b *Behaviour) LongestPause(served int) time.Duration {
	if b.UploadLimit <= 0 {
		return 0
	}
	want := max(limitBuffer, 1.25*float64(b.UploadLimit)/float64(served))
	if b.ahead() < limitBuffer {
		want = float64(b.ahead())
	}
	ticks := math.Ceil(want * float64(served) / (float64(b.UploadLimit) * limitTick.Seconds()))
	return time.Duration(ticks) * limitTick
}

// A limiter is a Seed's. Its fields belong to the Seed's lock.
type limiter struct {
	left    int64 // bytes to hand out
	waiting []*seedConn
}

// allotment is what a connection may send.
type allotment struct {
	left       int64 // bytes
	want, got  int64 // of the allotment it waits for
	sent, rate int64 // bytes in the second that runs, and a mean of those before
}

// limit hands out what there is until the Seed ends.
func (s *Seed) limit() {
	tick := time.NewTicker(limitTick)
	defer tick.Stop()
	for n := 1; ; n++ {
		select {
		case <-s.ended:
			return
		case <-tick.C:
			s.mu.Lock()
			s.handOut()
			if n%2 == 0 {
				for _, p := range s.conns {
					a := &p.allotment
					a.rate += (a.sent - a.rate) / 5
					a.sent = 0
				}
			}
			s.mu.Unlock()
		}
	}
}

func (s *Seed) handOut() {
	l := &s.limiter
	if len(l.waiting) == 0 {
		return
	}
	l.left = min(l.left+int64(float64(s.cfg.UploadLimit)*limitTick.Seconds()), 3*s.cfg.UploadLimit)
	each, still := max(0, l.left)/int64(len(l.waiting)), l.waiting[:0]
	for _, p := range l.waiting {
		a := &p.allotment
		n := min(each, a.want-a.got)
		a.got += n
		l.left -= n
		if a.got < a.want {
			still = append(still, p)
			continue
		}
		a.left, a.want, a.got = a.left+a.got, 0, 0
		p.poke()
	}
	l.waiting = still
}

// mayUpload reports whether the connection may send a block; else it waits for its
// next allotment.
func (p *seedConn) mayUpload() bool {
	s, a := p.seed, &p.allotment
	if s.cfg.UploadLimit == 0 || a.left > 0 {
		return true
	}
	if a.want > 0 {
		return false
	}
	if a.want = max(limitBuffer, a.rate); s.cfg.ahead() < limitBuffer {
		a.want = s.cfg.ahead()
	}
	if s.limiter.left-a.want < s.cfg.UploadLimit {
		s.limiter.waiting = append(s.limiter.waiting, p)
		return false
	}
	s.limiter.left -= a.want
	a.left, a.want = a.left+a.want, 0
	return true
}

// uploaded takes a block off the connection's allotment.
func (p *seedConn) uploaded(n int64) {
	p.allotment.left -= n
	p.allotment.sent += n
}

// committed is how many of the blocks that were asked for are past taking back.
func (p *seedConn) committed() int {
	if p.seed.cfg.UploadLimit == 0 {
		return 0
	}
	return int(p.seed.cfg.ahead() / seedBlock)
}
