package fetch

import "time"

// A swarm in which nobody is left to ask (peer.Swarm.Forsaken) mostly stays so. Who
// waits for its first byte is told so before all of its time is over, and who
// comes after at once: the torrents in use are the negative cache of infohashes that
// nobody has. Everybody is asked again in the background, and for the first to
// come when forsakenLife is over; a hint in a request is always tried.

// A solitude is what is known of that. The torrent's lock guards it.
type solitude struct {
	since time.Duration // since when nobody has been left; 0: somebody is
	asked time.Duration // when all were last asked for somebody who waits
}

// sought is that all are being asked as of now.
func (s *solitude) sought(now time.Duration) { *s = solitude{asked: now} }

// forsaken tells somebody who begins to wait when to look whether nobody is left to ask:
// never, where there is no haste. end frees the ticker.
func (t *Torrent) forsaken(hasty bool) (look <-chan time.Time, end func()) {
	if !hasty {
		return nil, func() {}
	}
	t.mu.Lock()
	again := t.alone.since != 0 && t.now()-t.alone.asked >= forsakenLife
	if again {
		t.alone.sought(t.now())
	}
	t.mu.Unlock()
	if again {
		t.swarm.Seek()
	}
	if t.isForsaken() {
		at := make(chan time.Time, 1)
		at <- time.Time{}
		return at, func() {}
	}
	ticker := time.NewTicker(forsakenLook)
	return ticker.C, ticker.Stop
}

// isForsaken reports whether nobody has been left to ask for long enough. Where all that
// there was lied, that is at once.
func (t *Torrent) isForsaken() bool {
	alone := t.swarm.Forsaken()
	t.mu.Lock()
	defer t.mu.Unlock()
	if !alone || t.core != nil && t.seeds.left() {
		t.alone.since = 0
		return false
	}
	now := max(t.now(), 1)
	if t.alone.since == 0 {
		t.alone.since = now
	}
	return now-t.alone.since >= forsakenTime || t.liedTo()
}

// liedTo reports whether data came, and none of it was right. The lock is held.
func (t *Torrent) liedTo() bool {
	return t.core != nil && t.core.stats.hashFailures > 0 && t.core.stats.verified == 0
}

// left reports whether a web seed may still give something.
func (w *webSeeds) left() bool {
	if len(w.urls) > w.started {
		return true
	}
	for i := range w.all {
		if st := (WebSeedStatus{Status: w.all[i].Status()}); !st.Failing() {
			return true
		}
	}
	return false
}
