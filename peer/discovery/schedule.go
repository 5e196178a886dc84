package discovery

import (
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// announceRegularly announces whenever it is due, until the end.
func (t *Trackers) announceRegularly() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
		case <-t.wake:
		case <-t.ctx.Done():
			return
		}
		t.announceDue()
		t.mu.Lock()
		now := time.Now()
		timer.Reset(due(now, t.order()).Sub(now))
		t.mu.Unlock()
	}
}

// wakeRegular makes announceRegularly look again at what is due.
func (t *Trackers) wakeRegular() {
	select {
	case t.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// order gives the trackers as regular announces try them. A private torrent
// stays with its tracker until that fails (BEP 27). Called with mu held.
func (t *Trackers) order() []*tracker {
	if t.cfg.Private {
		return inOrder(t.tiers, t.current)
	}
	return inOrder(t.tiers, nil)
}

// announceDue tries one tracker after the other until one answers (BEP 12), if
// a regular announce is due.
func (t *Trackers) announceDue() {
	t.mu.Lock()
	now, order := time.Now(), t.order()
	var list []*tracker
	if t.urgent || !now.Before(due(now, order)) {
		list = candidates(now, order, t.urgent)
	}
	t.urgent = false
	t.mu.Unlock()
	for _, tr := range list {
		if ok, _ := t.announce(tr); ok || t.ctx.Err() != nil {
			return
		}
	}
}

// race asks the trackers of a tier, the next as soon as one fails or has no
// peers, or has not answered within raceStagger, until one has peers.
func (t *Trackers) race(tier *tier) {
	t.mu.Lock()
	list := tier.contenders(time.Now())
	t.mu.Unlock()
	timer := time.NewTimer(raceStagger)
	defer timer.Stop()
	results := make(chan bool, len(list))
	for _, tr := range list {
		t.wg.Go(func() {
			_, useful := t.announce(tr)
			results <- useful
		})
		timer.Reset(raceStagger)
		won := false
		select {
		case won = <-results:
		case <-timer.C:
		case <-t.ctx.Done():
			won = true
		}
		if won {
			break
		}
	}
	t.mu.Lock()
	tier.racing = false
	t.mu.Unlock()
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
	t.announce(tr)
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
					_, err := e.client.announce(ctx, t.request(e, eventStopped))
					t.logAnnounce(tr, eventStopped, nil, err)
				})
			}
		}
	}
}

// announce makes one announce to tr, or joins the one under way, and waits for
// the first endpoint to answer or the last to fail. useful tells that it had
// peers. Once Close was called it begins none.
func (t *Trackers) announce(tr *tracker) (ok, useful bool) {
	t.mu.Lock()
	if tr.flight == nil && !t.closed {
		t.launch(tr)
	}
	f := tr.flight
	t.mu.Unlock()
	if f == nil {
		return false, false
	}
	select {
	case <-f.done:
		return f.ok, f.useful
	case <-t.ctx.Done():
		return false, false
	}
}

// launch starts an announce over the endpoints of tr that are free: at least
// one, since there is no flight. Called with mu held.
func (t *Trackers) launch(tr *tracker) {
	f := &flight{done: make(chan struct{})}
	tr.flight = f
	for _, e := range tr.endpoints {
		if !e.busy {
			e.busy = true
			f.pending++
			ev := e.nextEvent()
			t.wg.Go(func() { t.ask(tr, e, f, ev) })
		}
	}
}

// ask announces over one endpoint and notes what came of it.
func (t *Trackers) ask(tr *tracker, e *endpoint, f *flight, ev event) {
	ctx, cancel := context.WithTimeout(t.ctx, announceTimeout)
	a, err := e.client.announce(ctx, t.request(e, ev))
	cancel()
	if t.ctx.Err() == nil {
		t.logAnnounce(tr, ev, a, err)
	}
	if err != nil {
		t.askFailed(tr, e, f, err)
		return
	}
	useful := t.useful(a.peers)
	switched := t.askSucceeded(tr, e, f, ev, a, useful)
	if switched && t.cfg.Switched != nil {
		t.cfg.Switched()
	}
	if len(a.peers) > 0 {
		t.cfg.Found(a.peers)
	}
	t.mu.Lock()
	if tr.flight == f {
		f.ok, f.useful, tr.flight = true, useful, nil
		close(f.done)
	}
	t.wakeRegular()
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
	promote(t.tiers, tr)
	switched = t.cfg.Private && t.current != nil && t.current != tr
	t.current = tr
	return switched
}

// askFailed notes that an endpoint failed, and if it was the last, that the
// tracker did. The end of everything is no failure of a tracker.
func (t *Trackers) askFailed(tr *tracker, e *endpoint, f *flight, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e.busy = false
	f.pending--
	f.failure = worse(f.failure, err)
	if f.pending > 0 || tr.flight != f {
		return
	}
	if t.ctx.Err() == nil {
		tr.failed(time.Now(), f.failure)
	}
	tr.flight = nil
	close(f.done)
	t.wakeRegular()
}

// request says what the next announce over e says. Called without mu: of what
// it reads, nobody writes while e is busy.
func (t *Trackers) request(e *endpoint, ev event) *request {
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
	return r
}

// useful reports whether peers are more than an echo of our own announce.
func (t *Trackers) useful(peers []netip.AddrPort) bool {
	return len(peers) > 1 || len(peers) == 1 && int(peers[0].Port()) != t.cfg.Port()
}

func (t *Trackers) logAnnounce(tr *tracker, ev event, a *answer, err error) {
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
