package hashplan

import (
	"slices"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// Ask returns whom to ask for what, now, and counts it as asked. A run is asked of one peer, and of another too when
// that is late or does not send it. Those that have a piece of the run come first, and of these the one that has the
// least to answer. A peer may be asked whether or not it has us choked.
func (p *Plan) Ask(now time.Duration, c *sched.Core) []Ask {
	links, windows := c.Joined()
	seen := [2]int{links, windows}
	if !p.news && p.seen == seen && (p.due == 0 || now < p.due) {
		return nil
	}
	p.giveUp(now)
	p.news, p.seen = false, seen
	before := len(p.asks)
	p.askAll(now, c)
	p.due = p.next(now)
	return slices.Clone(p.asks[before:])
}

// Due returns the time at which Ask has something to do, if nothing happens before; 0 means never.
func (p *Plan) Due() time.Duration { return p.due }

// WantAll counts who wants all layers: n more, or fewer.
func (p *Plan) WantAll(n int) {
	p.all += n
	p.news = true
}

// askAll asks in the order of need, until nobody can be asked for more.
func (p *Plan) askAll(now time.Duration, c *sched.Core) {
	for _, windows := range [][]*sched.Window{c.Stalled, c.Windows} {
		for _, w := range windows {
			if f, i, _ := p.info.Layered(int(w.Pos / p.info.PieceLength)); !p.askFile(now, c, f, i) {
				return
			}
		}
	}
	for _, f := range p.begun {
		if !p.askFile(now, c, f, 0) {
			return
		}
	}
	if p.all == 0 {
		return
	}
	for _, f := range p.files {
		if !p.askFile(now, c, f, 0) {
			return
		}
	}
}

// giveUp drops asks that are not waited for any more.
func (p *Plan) giveUp(now time.Duration) {
	kept := p.asks[:0]
	for _, a := range p.asks {
		if now < a.at+gone {
			kept = append(kept, a)
			continue
		}
		from := p.of(a.Link)
		from.silent = true
		from.rest = now + silentRest
	}
	clear(p.asks[len(kept):])
	p.asks = kept
}

// askFile asks for what a file lacks, from its i-th piece on; false if nobody can be
// asked for more.
func (p *Plan) askFile(now time.Duration, c *sched.Core, f *metainfo.File, i int) bool {
	t := p.tree(f)
	if t == nil {
		return true
	}
	for n, run := 0, i/metainfo.HashRun; n < t.Runs(); n++ {
		if r := (run + n) % t.Runs(); !t.Known(r) && !p.askRun(now, c, f, t, r) {
			return false
		}
	}
	return true
}

// askRun asks for a run, unless somebody is at it; false if nobody can be asked for
// anything.
func (p *Plan) askRun(now time.Duration, c *sched.Core, f *metainfo.File, t *metainfo.LayerTree, run int) bool {
	if len(p.asks) >= maxAsks {
		return false
	}
	r := t.Request(run)
	for _, a := range p.asks {
		if a.Range == r && now < a.late() {
			return true
		}
	}
	first := int(f.Offset/p.info.PieceLength) + run*metainfo.HashRun
	var best *sched.Link
	certain, load, room := false, 0, false
	for _, l := range c.Links {
		n, asked := p.load(l, r)
		if _, ok := l.Conn.(Source); !ok || n >= peer.MaxHashAsks || p.peers[l] != nil && (now < p.peers[l].rest || p.peers[l].wrong >= maxWrong) {
			continue
		}
		room = true
		if asked {
			continue
		}
		has := l.HasAny(first, min(first+metainfo.HashRun, p.info.NumPieces()))
		if best == nil || has && !certain || has == certain && n < load {
			best, certain, load = l, has, n
		}
	}
	if best != nil {
		p.asks = append(p.asks, Ask{Link: best, Range: r, at: now})
	}
	return room
}

// load counts what a peer has to answer, and tells whether r is among it.
func (p *Plan) load(l *sched.Link, r metainfo.HashRange) (n int, asked bool) {
	for _, a := range p.asks {
		if a.Link == l {
			n++
			asked = asked || a.Range == r
		}
	}
	return n, asked
}

// late returns the time from which another peer is asked too.
func (a *Ask) late() time.Duration { return a.at + max(Late, 4*a.Link.RTT) }

// next returns the time at which there will be something to do, if nothing happens
// before; 0 means never.
func (p *Plan) next(now time.Duration) (at time.Duration) {
	sooner := func(t time.Duration) {
		if t > now && (at == 0 || t < at) {
			at = t
		}
	}
	for i := range p.asks {
		sooner(p.asks[i].late())
		sooner(p.asks[i].at + gone)
	}
	for _, from := range p.peers {
		sooner(from.rest)
	}
	return at
}

// Hopeless reports whether everybody who is connected was asked, and answered that they
// do not send what is missing, or something else.
func (p *Plan) Hopeless(c *sched.Core) bool {
	n := 0
	for _, l := range c.Links {
		if _, ok := l.Conn.(Source); !ok {
			continue
		}
		n++
		if from := p.peers[l]; from == nil || from.silent || from.refused < maxRefused && from.wrong == 0 {
			return false
		}
	}
	return n > 0
}
