package fetch

import (
	"errors"
	"net/netip"

	"github.com/btgw/btgw/metainfo"
)

// hint adds where the swarm may be found. A private torrent takes none (BEP 27).
func (t *Torrent) hint(h Hints) {
	if t.isPrivate() {
		return
	}
	if len(h.Trackers)+len(h.Peers)+len(h.WebSeeds)+len(h.Torrents) > 0 {
		t.mu.Lock()
		t.alone.sought(t.now())
		t.mu.Unlock()
	}
	if h.Start {
		t.fromStart.Store(true)
		t.swarm.WantStart()
	}
	if len(h.Trackers) > 0 {
		tiers := make([][]string, len(h.Trackers))
		for i, u := range h.Trackers {
			tiers[i] = []string{u} // a magnet's trackers are a tier each (BEP 9)
		}
		t.swarm.AddTrackers(tiers, h.Client)
	}
	t.addWebSeeds(h.WebSeeds, h.Client)
	t.mention(h)
	if len(h.Peers) > 0 {
		t.swarm.AddHints(h.Client, h.Peers...)
	}
}

func (t *Torrent) isPrivate() bool {
	select {
	case <-t.resolved:
		return t.info != nil && t.info.Private
	default:
		return false
	}
}

// onMetadata takes in an info dictionary whose hash is right.
func (t *Torrent) onMetadata(raw []byte) {
	<-t.begun
	info, err := t.parse(raw)
	t.onInfo(info, err)
}

// onInfo takes in the metadata that has come, or why there is none.
func (t *Torrent) onInfo(info *metainfo.Info, err error) {
	switch {
	case errors.Is(err, ErrBusy):
		t.giveUp(err)
		return
	case err != nil:
		t.refuse(err)
		return
	case info.Private:
		// BEP 27: only from an uploaded .torrent, whose trackers it names.
		t.refuse(ErrPrivate)
		return
	}
	mt := &metainfo.Torrent{Info: info}
	held, err := t.s.holdingOf(t.ctx, mt, asker{client: t.client})
	if err == nil {
		if err = t.s.promote(t); err != nil {
			held.release()
		}
	}
	if err != nil {
		t.giveUp(err)
		return
	}
	if !t.resolve(held, mt) {
		return
	}
	t.s.mu.Lock()
	t.s.alias(t)
	t.s.mu.Unlock()
	if t.refused == nil {
		t.s.keep(mt)
	}
}

// giveUp ends the torrent: it is tried anew when somebody asks again.
func (t *Torrent) giveUp(err error) {
	t.refuse(err)
	t.s.mu.Lock()
	defer t.s.mu.Unlock()
	t.s.end(t)
}

// parse parses an info dictionary when it is its turn. What waits for that is counted as what
// is on its way: while it is much no more is gathered.
func (t *Torrent) parse(raw []byte) (*metainfo.Info, error) {
	t.s.gather(t, int64(len(raw)))
	defer t.s.gather(t, 0)
	parsed, err := t.s.parse(t.ctx, t.client, int64(len(raw)))
	switch {
	case t.ctx.Err() != nil:
		if err == nil {
			parsed()
		}
		return nil, t.over()
	case err != nil:
		return nil, err
	}
	defer parsed()
	return metainfo.ParseInfo(raw)
}

// refuse ends the search for metadata: it was found, and cannot be used.
func (t *Torrent) refuse(err error) {
	if t.resolving.CompareAndSwap(false, true) {
		t.refused = err
		close(t.resolved)
		t.log.Info("metadata refused", "error", err)
	}
}

// resolve takes in the metadata of a torrent that was begun without it.
// It takes the holding over, in which its Info is. It reports false where another call was first. That one may still be at it:
// what it sets is not to be read before resolved is closed.
func (t *Torrent) resolve(held *holding, mt *metainfo.Torrent) bool {
	if !t.resolving.CompareAndSwap(false, true) {
		held.release()
		return false
	}
	t.acceptNow(held, mt.Layers)
	if errors.Is(t.refused, errJoined) {
		t.s.join(t, mt.Info)
		return true
	}
	if mt.Info.Private {
		t.dropWebSeeds()
	}
	if t.refused == nil {
		t.swarm.SetInfo(held.info)
		if len(mt.Trackers) > 0 {
			t.swarm.AddTrackers(mt.Trackers, netip.Prefix{})
		}
	}
	close(t.resolved)
	t.addWebSeeds(mt.WebSeeds, netip.Prefix{})
	t.startWebSeeds()
	return true
}

// take gives a torrent in use a .torrent that was uploaded; false means that it
// was refused before and has to be begun anew.
func (t *Torrent) take(mt *metainfo.Torrent) bool {
	select {
	case <-t.resolved:
	default:
		held, err := t.s.holdingOf(t.ctx, mt, asker{})
		if err == nil {
			t.s.mu.Lock()
			t.known = true
			t.s.mu.Unlock()
			t.resolve(held, mt)
		}
		<-t.resolved // or somebody else was at it
	}
	if t.refused != nil {
		return false
	}
	t.takeLayers(mt.Layers)
	if !t.info.Private {
		t.swarm.AddTrackers(mt.Trackers, netip.Prefix{})
		t.swarm.AddNodes(mt.Nodes)
		t.addWebSeeds(mt.WebSeeds, netip.Prefix{})
	}
	return true
}

// accept is the part of resolve that a torrent begun with its metadata needs.
func (t *Torrent) accept(held *holding, layers metainfo.PieceLayers) {
	t.resolving.Store(true)
	t.acceptNow(held, layers)
}

func (t *Torrent) acceptNow(held *holding, layers metainfo.PieceLayers) {
	if err := t.start(held, layers); err != nil {
		t.refused = err
		return
	}
	t.s.absorb(t)
}
