package discovery

import (
	"context"
	"log/slog"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/btgw/btgw/peer/contact"
)

// look has the loop look at what is due. Called with mu held.
func (t *Trackers) look() {
	if !t.looping {
		t.looping = true
		t.wg.Go(t.loop)
		return
	}
	select {
	case t.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// loop begins what is due, until the end.
func (t *Trackers) loop() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-t.wake:
		case <-t.ctx.Done():
			return
		}
		t.mu.Lock()
		now := time.Now()
		timer.Reset(t.step(now).Sub(now))
		t.mu.Unlock()
	}
}

// step begins what is due and returns when to look again. Called with mu held.
func (t *Trackers) step(now time.Time) time.Time {
	next := t.expire(now)
	for _, tier := range t.tiers {
		if tier.race != nil {
			next = earlier(next, t.stepRace(tier, now))
		}
	}
	if t.running && !t.idle(now) {
		next = earlier(next, t.stepRegular(now))
	}
	return next
}

// order gives the trackers as regular announces try them. A private torrent
// stays with its tracker until that fails (BEP 27). Called with mu held.
func (t *Trackers) order() (order []*tracker) {
	var preferred *tracker
	if t.cfg.Private {
		preferred = t.current
	}
	for _, tr := range inOrder(t.tiers, preferred) {
		if t.usable(tr) {
			order = append(order, tr)
		}
	}
	return order
}

// regular is a regular announce: one tracker after the other until one answers (BEP 12).
type regular struct {
	list   []*tracker // that are left
	flight *flight    // of the one that is asked
	urgent bool       // a reader waits
}

// stepRegular begins a regular announce that is due, or goes on with the one under way, and
// returns when to look again. Called with mu held.
func (t *Trackers) stepRegular(now time.Time) time.Time {
	if t.regular == nil {
		order := t.order()
		if at := due(now, order); !t.urgent && now.Before(at) {
			return at
		}
		t.regular = &regular{list: candidates(now, order, t.urgent), urgent: t.urgent}
		t.urgent = false
	}
	r := t.regular
	for {
		if f := r.flight; f != nil && !f.landed {
			return now.Add(idle) // its landing has us look
		} else if f != nil && f.ok || len(r.list) == 0 {
			break
		}
		r.flight = t.fly(r.list[0], r.urgent)
		r.list = r.list[1:]
	}
	t.regular = nil
	if t.urgent {
		return now
	}
	return due(now, t.order())
}

// race asks the trackers of a tier because a reader waits, until one has peers. It asks the
// next as soon as one fails, has no peers, or has not answered within raceStagger.
type race struct {
	list    []*tracker // that are left
	begun   bool
	flights []*flight // whose end is not known
	due     time.Time // when the next is asked
}

// stepRace goes on with a race and returns when to look again. Called with mu held.
func (t *Trackers) stepRace(tier *tier, now time.Time) time.Time {
	r := tier.race
	ready, won := !r.begun || !now.Before(r.due), false
	r.begun = true
	r.flights = slices.DeleteFunc(r.flights, func(f *flight) bool {
		won = won || f.landed && f.useful
		ready = ready || f.landed
		return f.landed
	})
	for ready && !won && len(r.list) > 0 {
		if f := t.fly(r.list[0], true); f != nil {
			r.flights, r.due, ready = append(r.flights, f), now.Add(raceStagger), false
		}
		r.list = r.list[1:]
	}
	if ready || won {
		tier.race = nil
		return now.Add(idle)
	}
	return r.due
}

// announceCompleted sends the event that is owed to a tracker, after the
// announce under way.
func (t *Trackers) announceCompleted(tr *tracker) {
	t.mu.Lock()
	under := tr.flight
	t.mu.Unlock()
	if under != nil {
		select {
		case <-under.done:
		case <-t.ctx.Done():
		}
	}
	t.mu.Lock()
	t.fly(tr, false)
	t.mu.Unlock()
}

// awaitAnswers waits for the announces under way to trackers that know us, for
// at most answerGrace.
func (t *Trackers) awaitAnswers(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, answerGrace)
	defer cancel()
	t.mu.Lock()
	var under []*flight
	for _, tr := range inOrder(t.tiers, nil) {
		known := slices.ContainsFunc(tr.endpoints, func(e *endpoint) bool { return e.busy && e.started })
		if known && tr.flight != nil {
			under = append(under, tr.flight)
		}
	}
	t.mu.Unlock()
	for _, f := range under {
		select {
		case <-f.done:
		case <-ctx.Done():
		}
	}
}

// announceStopped tells the trackers that know us that we leave.
func (t *Trackers) announceStopped(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	var all sync.WaitGroup
	defer all.Wait()
	for _, tr := range inOrder(t.tiers, nil) { // all else has ended: no lock needed
		for _, e := range tr.endpoints {
			if e.started && ctx.Err() == nil {
				all.Go(func() {
					_, err := e.client.announce(ctx, t.request(tr, e, eventStopped, false))
					t.logAnnounce(tr, eventStopped, nil, err)
				})
			}
		}
	}
}

// fly begins an announce to tr, over the endpoints that are free, or returns the one
// under way. It returns nil where none may be begun. reader means that a reader waits
// for it. The caller holds mu.
func (t *Trackers) fly(tr *tracker, reader bool) *flight {
	if tr.flight != nil || t.closed || !t.usable(tr) {
		return tr.flight
	}
	f := &flight{done: make(chan struct{}), reader: reader || len(t.demand.Clients) > 0 || len(tr.by) > 0}
	tr.flight = f
	for _, e := range tr.endpoints { // one is free at least, since there is no flight
		if e.busy {
			continue
		}
		var ctx context.Context
		ctx, e.cancel = context.WithCancel(t.ctx)
		e.busy, e.silent = true, time.Time{}
		f.pending++
		ev := e.nextEvent()
		t.wg.Go(func() { t.ask(ctx, tr, e, f, ev) })
	}
	return f
}

// ask announces over one endpoint and notes what came of it.
func (t *Trackers) ask(ctx context.Context, tr *tracker, e *endpoint, f *flight, ev event) {
	defer e.cancel()
	r := t.request(tr, e, ev, f.reader)
	r.silent = func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		e.silent = time.Now()
	}
	a, err := e.client.announce(ctx, r)
	if ctx.Err() == nil {
		t.logAnnounce(tr, ev, a, err)
	}
	if err != nil {
		t.askFailed(ctx, tr, e, f, err)
		return
	}
	useful := t.useful(a.peers) || len(a.names) > 0
	switched := t.askSucceeded(tr, e, f, ev, a, useful)
	if switched && t.cfg.Switched != nil {
		t.cfg.Switched()
	}
	by := t.namers(tr)
	if len(a.peers) > 0 {
		t.cfg.Found(a.peers, by)
	}
	if len(a.names) > 0 && t.cfg.FoundNames != nil {
		t.cfg.FoundNames(a.names, by)
	}
	t.mu.Lock()
	if tr.flight == f {
		f.ok, f.useful, tr.flight = true, useful, nil
		f.land()
	}
	t.look()
	t.mu.Unlock()
	if a.seeders < 0 && a.leechers < 0 {
		t.scrape(tr, e)
	}
}

// askSucceeded notes an answer; switched tells that a private torrent has got
// another tracker. The flight lands only after Found has the peers.
func (t *Trackers) askSucceeded(tr *tracker, e *endpoint, f *flight, ev event, a *answer, useful bool) (switched bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e.busy = false
	e.succeeded(ev, a)
	f.pending--
	tr.succeeded(time.Now(), a, useful)
	if !tr.own && !tr.proved {
		tr.given = slices.Clone(a.peers[:min(len(a.peers), maxGiven)])
	}
	promote(t.tiers, tr)
	switched = t.cfg.Private && t.current != nil && t.current != tr
	t.current = tr
	return switched
}

// askFailed notes that an endpoint failed, and if it was the last, that the
// tracker did. That the announce was given up is no failure of a tracker.
func (t *Trackers) askFailed(ctx context.Context, tr *tracker, e *endpoint, f *flight, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e.busy = false
	f.pending--
	f.failure = worse(f.failure, err)
	if f.pending > 0 || tr.flight != f {
		return
	}
	if ctx.Err() == nil {
		tr.failed(time.Now(), f.failure)
	}
	tr.flight = nil
	f.land()
	t.look()
}

// request says what the next announce over e says. Called without mu: of what
// it reads of e, nobody writes while e is busy.
func (t *Trackers) request(tr *tracker, e *endpoint, ev event, reader bool) *request {
	r := &request{infoHash: t.cfg.InfoHash, peerID: t.cfg.PeerID, port: t.cfg.Port(), event: ev, key: t.key, numWant: numWant, trackerID: e.id}
	r.uploaded, r.downloaded, r.left = t.cfg.Progress()
	if r.left < 0 {
		r.left = unknownLeft
	}
	if r.port == 0 {
		r.port = closedPort
	}
	if ev == eventStopped {
		r.numWant = 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	r.ask = contact.Ask{Clients: t.payers(tr), Torrent: t.cfg.InfoHash, Reader: reader}
	return r
}

// useful reports whether peers are more than an echo of our own announce.
func (t *Trackers) useful(peers []netip.AddrPort) bool {
	return len(peers) > 1 || len(peers) == 1 && int(peers[0].Port()) != t.cfg.Port()
}

func (t *Trackers) logAnnounce(tr *tracker, ev event, a *answer, err error) {
	if !t.log.Enabled(t.ctx, slog.LevelDebug) {
		return
	}
	log := t.log.With("tracker", tr.url.String(), "event", ev.String())
	if err != nil {
		log.Debug("announce failed", "err", tr.url.explain(err))
		return
	}
	if a != nil {
		log = log.With("peers", len(a.peers), "interval", a.interval)
	}
	log.Debug("announced")
}
