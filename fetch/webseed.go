package fetch

import (
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
	all     []*webseed.Seed
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
		l := t.core.join(0, maxDepth, seed)
		l.run = int(t.info.PieceLength / metainfo.BlockLen)
		t.seeds.all = append(t.seeds.all, seed)
		t.done.Go(func() { seed.Run(t.ctx, &download{t: t, l: l}) })
	}
}

// status lists them, with the rates that the core has measured.
func (w *webSeeds) status(c *core) (all []WebSeedStatus) {
	for _, seed := range w.all {
		st := WebSeedStatus{Status: seed.Status()}
		for _, l := range c.links {
			if l.conn == source(seed) {
				st.Rate = int64(l.rate)
			}
		}
		all = append(all, st)
	}
	return all
}
