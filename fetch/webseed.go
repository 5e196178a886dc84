package fetch

import (
	"net/url"
	"slices"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/webseed"
)

// A web seed (BEP 19) is one more link of the core: it has every piece, takes requests at
// once, and is late, slow or a liar by the same measures as a peer. All that the picker does
// for it is to keep its queue so deep that it holds whole pieces (link.run): what lies next
// to each other is one request to the server.

// webSeeds are a torrent's. Its lock guards them.
type webSeeds struct {
	urls    []string // all that were named, at most webseed.MaxSeeds
	started int      // so many of the urls were
	all     []webSeed
	kept    []string // those of earlier runs
}

// A webSeed is one that is used.
type webSeed struct {
	*webseed.Seed
	l   *link
	url string
}

// WebSeedStatus is a snapshot of a web seed.
type WebSeedStatus struct {
	webseed.Status
	Rate int64 `json:"rate"` // bytes/s while it had something to do; 0 unknown
}

// Failing reports whether the last that was tried of it failed.
func (s *WebSeedStatus) Failing() bool { return s.Error != "" }

// addWebSeeds takes the URLs of web seeds. They are used once the metadata is known.
func (t *Torrent) addWebSeeds(urls []string) {
	if t.s.web == nil || len(urls) == 0 {
		return
	}
	t.mu.Lock()
	for _, u := range urls {
		if len(t.seeds.urls) < webseed.MaxSeeds && !slices.Contains(t.seeds.urls, u) {
			t.seeds.urls = append(t.seeds.urls, u)
		}
	}
	t.mu.Unlock()
	select {
	case <-t.resolved:
		t.startWebSeeds()
	default: // who resolves it does
	}
}

// dropWebSeeds forgets what was hinted of a torrent that turns out to be private (BEP 27).
func (t *Torrent) dropWebSeeds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seeds.urls = nil
}

// startWebSeeds runs those that are new.
func (t *Torrent) startWebSeeds() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.core == nil {
		return
	}
	for _, u := range t.seeds.urls[t.seeds.started:] {
		t.seeds.started++
		seed, err := t.s.web.NewSeed(u, t.info)
		if err != nil {
			t.log.Debug("web seed not used", "error", err)
			continue
		}
		t.seeds.all = append(t.seeds.all, webSeed{seed, t.runSeed(seed), u})
	}
}

// replaceSeed goes on with a web seed that was banned for a piece, without the files of that piece: one that
// changed on the server says nothing of the others. The lock is not held.
func (t *Torrent) replaceSeed(l *link) {
	banned, ok := l.conn.(*webseed.Seed)
	if !ok {
		return
	}
	next, ok := banned.Without(l.wrong)
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
func (t *Torrent) runSeed(seed *webseed.Seed) *link {
	l := t.core.join(0, maxDepth, seed)
	l.run = max(1, int(t.info.PieceLength/metainfo.BlockLen))
	t.done.Go(func() { seed.Run(t.ctx, &download{t: t, l: l}) })
	return l
}

// status lists them, with the rates that the core has measured.
func (w *webSeeds) status() (all []WebSeedStatus) {
	for _, seed := range w.all {
		st := WebSeedStatus{Status: seed.Status()}
		if !seed.l.gone {
			st.Rate = int64(seed.l.rate)
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
		if (seed.l.proven > 0 || slices.Contains(w.kept, seed.url)) && seed.Status().State != webseed.Banned && plain(seed.url) {
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
