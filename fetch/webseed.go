package fetch

import (
	"net/netip"
	"net/url"
	"slices"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
	"github.com/btgw/btgw/peer/contact"
	"github.com/btgw/btgw/peer/webseed"
)

// A web seed (BEP 19) is one more link of the core: it has every piece, takes requests at
// once, and is late, slow or a liar by the same measures as a peer. All that the picker does
// for it is to keep its queue so deep that it holds whole pieces (link.run): what lies next
// to each other is one request to the server.

// webSeeds are a torrent's. Its lock guards them.
type webSeeds struct {
	named []*namedSeed // at most webseed.MaxSeeds
	all   []webSeed
	kept  []string // those of earlier runs
}

// A namedSeed is a URL, and the sources that named it.
type namedSeed struct {
	url     string
	own     bool // the torrent itself, this process, or an earlier run in which it was of use
	by      map[netip.Prefix]bool
	started bool
}

// A webSeed is one that is used.
type webSeed struct {
	*webseed.Seed
	l   *sched.Link
	by  *namedSeed
	url string

	withheld bool // it ends what is begun: a sibling has begun to fetch the torrent for us
}

// WebSeedStatus is a snapshot of a web seed.
type WebSeedStatus struct {
	webseed.Status
	Rate int64 `json:"rate"` // bytes/s while it had something to do; 0 unknown
}

// Failing reports whether the last that was tried of it failed.
func (s *WebSeedStatus) Failing() bool { return s.Error != "" }

// addWebSeeds takes the URLs of web seeds that a client has named; the zero Prefix is this
// process, or the torrent itself. They are used once the metadata is known: those of a
// client while it waits, or for good once they have sent right blocks.
func (t *Torrent) addWebSeeds(urls []string, client netip.Prefix) {
	if t.s.web == nil || len(urls) == 0 {
		return
	}
	t.mu.Lock()
	for _, u := range urls {
		t.seeds.name(u, client, t.clients)
	}
	t.mu.Unlock()
	select {
	case <-t.resolved:
		t.startWebSeeds()
	default: // who resolves it does
	}
}

// name notes that a client has named a URL. Where there is no room, one makes way that has
// not been of use and that no client in waiting named.
func (w *webSeeds) name(u string, client netip.Prefix, waiting map[netip.Prefix]int) {
	i := slices.IndexFunc(w.named, func(n *namedSeed) bool { return n.url == u })
	if i < 0 {
		if len(w.named) >= webseed.MaxSeeds && !w.makeRoom(waiting) {
			return
		}
		i = len(w.named)
		w.named = append(w.named, &namedSeed{url: u, by: make(map[netip.Prefix]bool)})
	}
	switch n := w.named[i]; {
	case !client.IsValid():
		n.own = true
	case len(n.by) < maxNamers:
		n.by[client] = true
	}
}

// makeRoom forgets a URL that nobody in waiting named.
func (w *webSeeds) makeRoom(waiting map[netip.Prefix]int) bool {
	for i, n := range w.named {
		if n.own || n.named(waiting) || w.proved(n) {
			continue
		}
		w.named = slices.Delete(w.named, i, i+1)
		for j := range w.all {
			if w.all[j].by == n {
				w.all[j].Stop()
				w.all = slices.Delete(w.all, j, j+1)
				break
			}
		}
		return true
	}
	return false
}

// proved reports whether a URL's seed has sent right blocks.
func (w *webSeeds) proved(n *namedSeed) bool {
	return slices.ContainsFunc(w.all, func(s webSeed) bool { return s.by == n && s.l.Proven > 0 })
}

// named reports whether one of the clients in waiting named it.
func (n *namedSeed) named(waiting map[netip.Prefix]int) bool {
	for c := range n.by {
		if waiting[c] > 0 {
			return true
		}
	}
	return false
}

// dropWebSeeds forgets what was hinted of a torrent that turns out to be private (BEP 27).
func (t *Torrent) dropWebSeeds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seeds.named = nil
}

// startWebSeeds runs those that are new.
func (t *Torrent) startWebSeeds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.core == nil {
		return
	}
	for _, n := range t.seeds.named {
		if n.started {
			continue
		}
		n.started = true
		seed, err := t.s.web.NewSeed(n.url, t.info, func() (contact.Ask, bool) { return t.stranger(n) })
		if err != nil {
			t.log.Debug("web seed not used", "error", err)
			continue
		}
		t.seeds.all = append(t.seeds.all, webSeed{Seed: seed, l: t.runSeed(seed), by: n, url: n.url})
	}
}

// replaceSeed goes on with a web seed that was banned for a piece, without the files of that piece: one that
// changed on the server says nothing of the others. The lock is not held.
func (t *Torrent) replaceSeed(l *sched.Link) {
	banned, ok := l.Conn.(*webseed.Seed)
	if !ok {
		return
	}
	next, ok := banned.Without(l.Wrong)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.seeds.all, func(s webSeed) bool { return s.l == l })
	if t.closed || i < 0 {
		return
	}
	t.seeds.all[i].Seed, t.seeds.all[i].l = next, t.runSeed(next)
}

// runSeed has a web seed asked for what it has. The lock is held.
func (t *Torrent) runSeed(seed *webseed.Seed) *sched.Link {
	l := t.core.Join(0, sched.MaxDepth, seed)
	l.Run = max(1, int(t.info.PieceLength/metainfo.BlockLen))
	if t.hasSwarm() && t.swarm.Sheltered() {
		seed.Rest(true)
	}
	t.done.Go(func() { seed.Run(t.ctx, &download{t: t, l: l}) })
	return l
}

// stranger says for whom a web seed is asked that has not proved itself.
func (t *Torrent) stranger(n *namedSeed) (ask contact.Ask, still bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n.own || t.seeds.proved(n) {
		return ask, false
	}
	ask.Torrent = t.hash.Wire()
	for c := range n.by {
		if t.clients[c] > 0 {
			ask.Clients = append(ask.Clients, c)
		}
	}
	if len(ask.Clients) == 0 { // it is about to rest
		for c := range n.by {
			ask.Clients = append(ask.Clients, c)
		}
	}
	return ask, true
}

// restWebSeeds has those rest that only clients named which have gone, until one of them
// comes back; those that have sent right blocks never do. Without rest, none is sent to
// rest. All rest while a sibling fetches the torrent for us: they end what is begun until the next look.
func (t *Torrent) restWebSeeds(rest bool) {
	t.mu.Lock()
	if len(t.seeds.all) == 0 {
		t.mu.Unlock()
		return
	}
	var idle, busy []*webseed.Seed
	sheltered := t.swarm.Sheltered()
	for i := range t.seeds.all {
		s := &t.seeds.all[i]
		switch {
		case sheltered && !rest && (s.withheld || !s.l.Choked):
			t.withhold(s, true)
		case sheltered:
			s.withheld = false
			idle = append(idle, s.Seed)
		case s.by.own || s.l.Proven > 0 || s.by.named(t.clients):
			t.withhold(s, false)
			busy = append(busy, s.Seed)
		case rest:
			idle = append(idle, s.Seed)
		}
	}
	seeded, bans := t.webSeeded(), t.settle(t.now())
	t.mu.Unlock()
	t.punish(bans)
	t.swarm.WebSeeded(seeded)
	for _, s := range busy {
		s.Rest(false)
	}
	for _, s := range idle {
		s.Rest(true)
	}
}

// withhold has a web seed end what is begun, or takes that back. The lock is held.
func (t *Torrent) withhold(s *webSeed, on bool) {
	if s.withheld == on {
		return
	}
	s.withheld = on
	if on {
		t.core.Event(t.now(), s.l, peer.Event{Kind: peer.Withheld})
	} else if s.Status().State == webseed.Ready {
		t.core.Event(t.now(), s.l, peer.Event{Kind: peer.Unchoked})
	}
}

// webSeeded reports whether a web seed has sent right blocks and takes requests. The lock is held.
func (t *Torrent) webSeeded() bool {
	return slices.ContainsFunc(t.seeds.all, func(s webSeed) bool { return s.l.Proven > 0 && !s.l.Gone && !s.l.Choked })
}

// status lists them, with the rates that the core has measured.
func (w *webSeeds) status() (all []WebSeedStatus) {
	for _, seed := range w.all {
		st := WebSeedStatus{Status: seed.Status()}
		if !seed.l.Gone {
			st.Rate = int64(seed.l.Rate)
		}
		all = append(all, st)
	}
	return all
}

// keepable are those to be used again when the torrent is: what sent right blocks, in
// this run or an earlier one, and did not lie. What may hold a key stays out of the file.
func (w *webSeeds) keepable() []string {
	var good []string
	for i := range w.all {
		seed := &w.all[i]
		if (seed.l.Proven > 0 || slices.Contains(w.kept, seed.url)) && seed.Status().State != webseed.Banned && plain(seed.url) {
			good = append(good, seed.url)
		}
	}
	return good
}

// plain reports whether a URL has neither a user nor a query.
func plain(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && u.User == nil && u.RawQuery == ""
}
