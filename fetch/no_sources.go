package fetch

import (
	"slices"
	"time"

	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/webseed"
)

// A swarm in which nobody is left to ask mostly stays so, and one whose peers all lack
// what is wanted does for a while. Who waits for its first byte is told so before all of
// its time is over, and who comes after at once: the torrents in use are the negative
// cache of infohashes that nobody has. Everybody is asked again in the background, and
// for the first to come when noSourcesLife is over; a hint in a request is always tried.
// A peer that has what is wanted and chokes is waited for: the choking rounds of clients
// are as long as 30 s.

// noSources is what is known of that. The torrent's lock guards it.
type noSources struct {
	tried time.Duration // since when there has been nobody besides the connected peers; 0: there is
	since time.Duration // since when there have not been those either; 0: there are
	asked time.Duration // when all were last asked for somebody who waits
}

// sought notes that all sources are being asked from now on.
func (s *noSources) sought(now time.Duration) { *s = noSources{asked: now} }

// look takes in what is left, as of now.
func (s *noSources) look(now time.Duration, others bool, peers int) {
	if others {
		s.tried = 0
	} else if s.tried == 0 {
		s.tried = max(now, 1)
	}
	if others || peers > 0 {
		s.since = 0
	} else if s.since == 0 {
		s.since = max(now, 1)
	}
}

// An availabilityWatch looks, while a request that is to fail fast waits for a piece or for the
// metadata, whether it still may come. It belongs to one goroutine.
type availabilityWatch struct {
	t       *Torrent
	piece   int
	look    <-chan time.Time // when to see whether it is over; nil: never
	ticker  *time.Ticker     // nil: none
	content int64            // bytes that had come when it was last looked at
	silent  time.Duration    // since when peers have owed it and sent nothing; 0: they do not
	fed     time.Duration    // when what is offered in its place last came
	looked  bool             // content is of a look before
	lost    time.Duration    // since when the only ones to ask are web seeds that have lost the piece; 0: others are
}

// watch begins a watch. It is never over for a request that is not to fail fast. end frees it.
func (t *Torrent) watch(failFast bool, piece int) *availabilityWatch {
	v := &availabilityWatch{t: t, piece: piece}
	if !failFast {
		return v
	}
	over := v.over()
	t.mu.Lock()
	again := (over || t.alone.since != 0) && t.now()-t.alone.asked >= noSourcesLife
	if again {
		t.alone.sought(t.now())
	}
	t.mu.Unlock()
	if again {
		t.swarm.Seek()
		over = v.over()
	}
	if over {
		at := make(chan time.Time, 1)
		at <- time.Time{}
		v.look = at
		return v
	}
	v.ticker = time.NewTicker(noSourcesLook)
	v.look = v.ticker.C
	return v
}

func (v *availabilityWatch) end() {
	if v.ticker != nil {
		v.ticker.Stop()
	}
}

// over reports whether there has been nothing to wait for for long enough.
func (v *availabilityWatch) over() bool {
	t := v.t
	p := t.swarm.Prospects()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	came := p.Content != v.content
	v.content = p.Content
	t.alone.look(now, p.Untried || t.core != nil && (t.seeds.left() || t.objects.left(v.piece)), p.Peers)
	if t.core == nil || p.Untried || t.objects.left(v.piece) || p.Peers > 0 || !t.seeds.lost(v.piece) {
		v.lost = 0
	} else if v.lost == 0 {
		v.lost = max(now, 1)
	}
	switch {
	case v.lost != 0 && now-v.lost >= noSourcesTime:
		return true
	case t.alone.tried == 0:
		v.silent = 0
		return false
	case p.Peers == 0:
		// Where all that there was lied, that is at once.
		return now-t.alone.since >= noSourcesTime || t.liedTo()
	}
	n, asked := p.Owing, true // of the metadata: who rejects it is not one of them
	if t.core != nil {
		n, asked = t.core.Debtors(v.piece)
	}
	if n == 0 {
		if came && v.looked && t.core != nil && t.core.Feeding() {
			v.fed = now
		}
		v.looked = true
		return t.stale(now, &p, v.fed)
	}
	if !asked || came {
		v.silent = 0
	} else if v.silent == 0 {
		v.silent = max(now, 1)
	}
	return v.silent != 0 && now-v.silent >= silentTime
}

// stale reports whether the connected peers have had nothing new for long: no piece and
// no peer. Pieces that they offered in place of the awaited one count as news too; the
// last came at fed. The caller holds the lock.
func (t *Torrent) stale(now time.Duration, p *peer.Prospects, fed time.Duration) bool {
	last := max(t.alone.tried, fed)
	if !p.News.IsZero() {
		last = max(last, p.News.Sub(t.epoch))
	}
	if t.core != nil {
		last = max(last, t.core.Heard)
		if t.core.MayReveal() {
			return now-last >= revealTime
		}
	}
	return now-last >= uselessTime
}

// liedTo reports whether data came, and none of it was right. The lock is held.
func (t *Torrent) liedTo() bool {
	return t.core != nil && t.core.Stats.HashFailures > 0 && t.core.Stats.Verified == 0
}

// lost reports whether there are web seeds, and none of them has a piece any more: its file changed on the server, or is gone.
func (w *webSeeds) lost(piece int) bool {
	return len(w.all) > 0 && !slices.ContainsFunc(w.named, func(n *namedSeed) bool { return !n.started }) &&
		!slices.ContainsFunc(w.all, func(s webSeed) bool { return s.l.Has.Has(piece) })
}

// left reports whether a web seed may still give something.
func (w *webSeeds) left() bool {
	if slices.ContainsFunc(w.named, func(n *namedSeed) bool { return !n.started }) {
		return true
	}
	for i := range w.all {
		// One that is ready will be asked, whatever became of what was asked before.
		if st := (WebSeedStatus{Status: w.all[i].Status()}); st.State == webseed.Ready || !st.Failing() && st.State != webseed.Resting {
			return true
		}
	}
	return false
}
