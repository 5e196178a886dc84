package discovery

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"

	"github.com/btgw/btgw/peer/contact"
)

// tracker is one announce URL of a torrent and what we know about it. It does
// no I/O and starts nothing; Trackers.mu protects it.
type tracker struct {
	url       *announceURL
	endpoints []*endpoint // one, or one a family
	flight    *flight     // the announce under way; nil when none

	own    bool                       // the torrent's own, or the process's
	proved bool                       // a peer that it gave has given content
	by     map[netip.Prefix]time.Time // the clients that named it, and when that or their end was
	given  []netip.AddrPort           // peers of the last answer, while it is neither

	working  bool      // the last announce succeeded
	disabled bool      // told to stay away for good (BEP 31)
	useful   bool      // the last answer had peers other than ourselves
	fails    int       // announces failed since the last success
	last     time.Time // end of the last announce; zero: none yet
	next     time.Time // when the next regular announce, or the next try, is due
	earliest time.Time // before which nothing but an event is announced
	interval time.Duration
	failure  string // why the last announce failed, fit to be shown
	warning  string // of the last answer, fit to be shown
}

// endpoint is a tracker over one family.
type endpoint struct {
	client    client
	busy      bool               // client is announcing
	silent    time.Time          // since when the tracker is slow to answer that; zero: it is not
	cancel    context.CancelFunc // ends that; nil: never begun
	unscrape  context.CancelFunc // ends a scrape; nil: none is under way
	started   bool               // the tracker knows us
	completed bool               // the tracker has yet to hear that we are complete
	id        string             // the tracker id it gave us
	seeders   int                // as of the last answer; -1 unknown
	leechers  int
	peers     int // addresses in the last answer
}

// flight is one announce to a tracker over those of its endpoints that were
// free. done is closed once one has answered or all have failed; ok and useful
// are set before.
type flight struct {
	done    chan struct{}
	landed  bool
	reader  bool // a reader waits for it
	pending int
	failure error
	ok      bool
	useful  bool
}

// land ends a flight.
func (f *flight) land() {
	f.landed = true
	close(f.done)
}

// cancel ends what is under way.
func (tr *tracker) cancel() {
	for _, e := range tr.endpoints {
		if e.busy {
			e.cancel()
		}
		if e.unscrape != nil {
			e.unscrape()
		}
	}
}

// silence is since when the first announce has been without an answer over all
// endpoints for so long that there may be none; zero: it is not.
func (tr *tracker) silence() (since time.Time) {
	if tr.flight == nil || !tr.last.IsZero() {
		return time.Time{}
	}
	for _, e := range tr.endpoints {
		switch {
		case !e.busy:
		case e.silent.IsZero():
			return time.Time{}
		case e.silent.After(since):
			since = e.silent
		}
	}
	return since
}

// tried reports whether an announce has ended, or is silent.
func (tr *tracker) tried() bool { return !tr.last.IsZero() || !tr.silence().IsZero() }

// nextEvent is what the next announce over e has to say.
func (e *endpoint) nextEvent() event {
	switch {
	case !e.started:
		return eventStarted
	case e.completed:
		return eventCompleted
	}
	return eventNone
}

// succeeded notes an answer over e to an announce of ev.
func (e *endpoint) succeeded(ev event, a *answer) {
	e.started = true
	if ev == eventCompleted {
		e.completed = false
	}
	if a.trackerID != "" {
		e.id = a.trackerID
	}
	e.seeders, e.leechers, e.peers = a.seeders, a.leechers, len(a.peers)
}

// succeeded notes an answer.
func (tr *tracker) succeeded(now time.Time, a *answer, useful bool) {
	least := min(max(a.minInterval, defaultMinInterval), maxMinInterval)
	tr.interval = a.interval
	if tr.interval == 0 {
		tr.interval = defaultInterval
	}
	tr.interval = max(min(tr.interval, maxRegular), minRegular, least)
	tr.working, tr.fails, tr.failure, tr.useful = true, 0, "", useful
	tr.warning = tr.url.clean(a.warning)
	tr.last, tr.next, tr.earliest = now, now.Add(tr.interval), now.Add(least)
}

// failed notes that an announce failed over all endpoints.
func (tr *tracker) failed(now time.Time, err error) {
	tr.working, tr.useful = false, false
	tr.failure = tr.url.explain(err)
	var resting *contact.RestingError
	switch {
	case errors.As(err, &resting): // it is known to have failed: this was no try
		tr.last, tr.next, tr.earliest = now, resting.Until, resting.Until
		return
	case errors.Is(err, contact.ErrCrowded), errors.Is(err, errCrowded):
		tr.next = now.Add(crowdedRetry + rand.N(crowdedRetry))
		tr.earliest = tr.next
		return
	}
	retry := maxRetry
	if tr.fails < 10 {
		retry = min(firstRetry<<tr.fails, maxRetry)
	}
	tr.fails++
	least := min(retry, maxRaceRetry)
	var refused *refusal
	if errors.As(err, &refused) {
		tr.disabled = refused.never
		retry, least = max(retry, refused.retryIn), max(least, refused.retryIn)
	}
	tr.last, tr.next, tr.earliest = now, now.Add(retry), now.Add(least)
}

// worse picks the error to show of an announce that failed over both families:
// that a name has no address of one of them says the least.
func worse(a, b error) error {
	if a == nil || noAddress(a) {
		return b
	}
	return a
}

// noAddress reports whether err says that a host has no address of the wanted
// family, or none at all.
func noAddress(err error) bool {
	var dns *net.DNSError
	var addr *net.AddrError
	return errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &addr)
}

// status reports on the tracker.
func (tr *tracker) status(tier int) TrackerStatus {
	s := TrackerStatus{
		URL: tr.url.String(), Tier: tier, Working: tr.working, Error: tr.failure, Warning: tr.warning,
		Fails: tr.fails, Seeders: -1, Leechers: -1, Interval: tr.interval, Last: tr.last,
	}
	if !tr.disabled {
		s.Next = tr.next
	}
	if since := tr.silence(); !since.IsZero() {
		s.Last, s.Fails, s.Error = since, max(s.Fails, 1), tr.url.explain(errSilence)
	}
	for _, e := range tr.endpoints {
		s.Busy = s.Busy || e.busy
		s.Peers += e.peers
		s.Seeders = max(s.Seeders, e.seeders)
		s.Leechers = max(s.Leechers, e.leechers)
	}
	return s
}
