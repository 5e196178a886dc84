package metaexchange

import (
	"slices"
	"strings"
	"time"
)

// A Window is how many parts of the metadata one peer may be asked for at a time. It
// works as TCP's congestion window does. It opens by one for each part that comes, and
// closes when the peer leaves out a part, rejects one, or falls silent with parts
// outstanding. From then on it opens by one for each window of parts.
//
// A libtorrent answers while its send buffer is short of 160 KiB, ten parts, and puts
// off further requests to a tick of a second. Parts that it has handed to the kernel no
// longer count, so its window may open; but only so many requests may reach it at once.
type Window struct {
	size   int           // parts that may be outstanding
	most   int           // what size may become: at this pace more are never on their way
	burst  int           // of those, that may be asked at once
	pace   time.Duration // in which a burst more may be asked
	due    time.Time     // when what was asked is forgotten (a leaky bucket)
	opened int           // parts that came since size last changed
	got    int           // parts that came since it last closed
	closed bool          // it has closed before
}

// holders are clients, by the beginning of the name that they give, that put off
// metadata requests beyond what their send buffer takes.
var holders = []string{"libtorrent/", "qBittorrent", "Deluge", "Tribler", "Folx"}

// WindowFor is a fresh window for a client of this name: all at once but for the
// holders. How deep an unknown client's is after that, it shows itself.
func WindowFor(client string, rtt time.Duration) Window {

	w := Window{size: MaxAsks, most: MaxAsks, burst: MaxAsks, pace: min(max(rtt/4, minPace), maxPace)}
	if slices.ContainsFunc(holders, func(name string) bool { return strings.HasPrefix(client, name) }) {
		w.size, w.burst = holderBurst, holderBurst
		w.most = min(holderBurst+int(holderBurst*rtt/w.pace), MaxAsks)
	}
	return w
}

// room reports whether one more part may be asked for.
func (w *Window) room(now time.Time, load int) bool {
	return load < w.size && !now.Before(w.ready())
}

// ready returns the time from which one more part may be requested, as far as bursts
// go.
func (w *Window) ready() time.Time { return w.due.Add(w.each() - w.pace) }

// each is how long one part counts as asked at once with others.
func (w *Window) each() time.Duration { return w.pace / time.Duration(w.burst) }

// take counts one ask.
func (w *Window) take(now time.Time) {
	if w.due.Before(now) {
		w.due = now
	}
	w.due = w.due.Add(w.each())
}

// open counts a part that came.
func (w *Window) open() {
	w.got++
	w.opened++
	if !w.closed || w.opened >= w.size {
		w.opened = 0
		w.size = min(w.size+1, w.most)
	}
}

// close closes the window after more was requested than the peer answers.
func (w *Window) close() {
	w.size = max(minAsks, min(w.size/2, w.got))
	w.burst = min(w.burst, w.size)
	w.opened, w.got, w.closed = 0, 0, true
}

// A pace is how fast a peer answers, to tell when it has stopped.
type pace struct {
	moved  time.Time     // when a part came, or was asked with none outstanding
	gap    time.Duration // between parts, the longest of the last few
	came   bool          // a part came at all
	stalls int           // silences since a part came
}

// arrived notes a part that came while others were outstanding.
func (p *pace) arrived(now time.Time) {
	if p.came {
		p.gap = max(now.Sub(p.moved), p.gap*3/4)
	}
	p.moved, p.came, p.stalls = now, true, 0
}

// silence is how long the peer has to say nothing to count as silent.
func (p *pace) silence(rtt time.Duration) time.Duration {
	return min(max(minSilence, 2*rtt, 3*p.gap)<<min(p.stalls, 8), max(lateAfter, 4*rtt))
}

// silentAt returns the time from which the peer counts as silent. It returns false if
// the peer owes nothing, or has yet to send its first part.
func (p *source[P]) silentAt() (time.Time, bool) {
	return p.pace.moved.Add(p.pace.silence(p.rtt)), p.load > 0 && p.pace.came
}

// silences takes note of the peers that have stopped answering: what they owe may
// be asked for again, of them too.
func (m *Exchange[P]) silences(now time.Time) {
	for _, p := range m.peers {
		if at, ok := p.silentAt(); !ok || now.Before(at) {
			continue
		}
		m.put(p, p.asked+1)
		p.window.close()
		p.pace.stalls++
		p.pace.moved = now
	}
}

// overtaken notes that the peer answered its request of number n. It answers in order:
// it has put off, or lost, earlier requests. A few may cross.
func (m *Exchange[P]) overtaken(p *source[P], n int) {
	if m.put(p, n-maxReorder) && n > p.closedAt {
		p.window.close()
		p.closedAt = p.asked
	}
}

// put marks what the peer was asked for before its ask of number n as put off, and
// reports whether there was any.
func (m *Exchange[P]) put(p *source[P], n int) (any bool) {
	for _, cp := range m.copies {
		for i := range cp.parts {
			for j := range cp.parts[i].asks {
				if a := &cp.parts[i].asks[j]; a.peer == p && a.n < n && !a.off {
					a.off, any = true, true
					p.load--
				}
			}
		}
	}
	return any
}
