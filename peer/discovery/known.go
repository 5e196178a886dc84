package discovery

import (
	"net/netip"
	"slices"
	"time"
)

// addTiers takes in announce URLs that a client has named, and reports whether one of them
// is to be used that was not. Called with mu held.
func (t *Trackers) addTiers(tiers [][]string, client netip.Prefix) (news bool) {
	for _, urls := range tiers {
		var added []*tracker
		for _, raw := range urls {
			tr, known := t.spelled[raw]
			if !known {
				var fresh bool
				if tr, fresh = t.newTracker(raw, client); fresh {
					added = append(added, tr)
				}
			}
			if tr != nil && t.name(tr, client) {
				news = true
			}
		}
		if n := len(added); n > 0 {
			t.cfg.shuffle(n, func(i, j int) { added[i], added[j] = added[j], added[i] })
			t.tiers = append(t.tiers, &tier{trackers: added})
		}
	}
	return news
}

// newTracker gives the tracker of an announce URL, nil where it cannot be used. Called with
// mu held.
func (t *Trackers) newTracker(raw string, client netip.Prefix) (tr *tracker, fresh bool) {
	u, err := parseAnnounceURL(raw)
	if err == nil {
		if tr = t.known[u.key()]; tr != nil {
			t.spell(raw, tr)
			return tr, false
		}
		if len(t.known) >= MaxTrackers && !t.makeRoom(client) {
			err = errTooMany
		}
	}
	if err != nil {
		if len(t.rejected) < MaxTrackers {
			t.rejected = append(t.rejected, rejection(u, err))
		}
		if err != errTooMany {
			t.spell(raw, nil)
		}
		t.log.Debug("tracker not used", "reason", err)
		return nil, false
	}
	tr = &tracker{url: u, endpoints: newEndpoints(&t.cfg, u)}
	t.known[u.key()] = tr
	t.spell(raw, tr)
	return tr, true
}

// spell remembers what names a tracker. Called with mu held.
func (t *Trackers) spell(raw string, tr *tracker) {
	if len(t.spelled) >= maxSpellings {
		for text, x := range t.spelled {
			if x == nil || x.url.key() != text {
				delete(t.spelled, text)
			}
		}
	}
	t.spelled[raw] = tr
}

// name notes that a client has named a tracker, and reports whether that makes it used
// where it was not. Called with mu held.
func (t *Trackers) name(tr *tracker, client netip.Prefix) bool {
	before := t.usable(tr)
	switch _, named := tr.by[client]; {
	case tr.own:
	case !client.IsValid():
		tr.own = true
	case named:
		tr.by[client] = time.Now()
	case len(tr.by) < maxNamers && t.cfg.Announcer.hint(client):
		if tr.by == nil {
			tr.by = make(map[netip.Prefix]time.Time)
		}
		tr.by[client] = time.Now()
	}
	return !before && t.usable(tr)
}

// usable reports whether a tracker may be asked: it is the torrent's own, or proved itself,
// or a client that named it waits or did so a moment ago. Called with mu held.
func (t *Trackers) usable(tr *tracker) bool { return tr.own || tr.proved || len(tr.by) > 0 }

// makeRoom ends a hint that nobody waits for, or one of the client that has named most,
// unless that is the one that asks. Called with mu held.
func (t *Trackers) makeRoom(client netip.Prefix) bool {
	count := make(map[netip.Prefix]int)
	for _, tr := range t.known {
		for c := range tr.by {
			count[c]++
		}
	}
	var worst *tracker
	most := -1
	for _, tr := range t.known {
		if tr.own || tr.proved {
			continue
		}
		n := maxSpellings // of one that nobody waits for
		for c := range tr.by {
			n = min(n, count[c])
		}
		if n > most {
			worst, most = tr, n
		}
	}
	if worst == nil || most <= count[client]+1 {
		return false
	}
	t.drop(worst)
	return true
}

// drop forgets a tracker. Called with mu held.
func (t *Trackers) drop(tr *tracker) {
	for c := range tr.by {
		t.cfg.Announcer.forget(c)
	}
	tr.by = nil
	tr.cancel()
	delete(t.known, tr.url.key())
	for text, x := range t.spelled {
		if x == tr {
			delete(t.spelled, text)
		}
	}
	for _, tier := range t.tiers {
		tier.trackers = slices.DeleteFunc(tier.trackers, func(x *tracker) bool { return x == tr })
	}
	t.tiers = slices.DeleteFunc(t.tiers, func(x *tier) bool { return len(x.trackers) == 0 })
}

// forgetHints drops all names of trackers that clients gave.
func (t *Trackers) forgetHints() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tr := range t.known {
		for c := range tr.by {
			t.cfg.Announcer.forget(c)
		}
		tr.by = nil
	}
}

// A Hint is an announce URL and the clients that named it; the zero Prefix is the process
// itself.
type Hint struct {
	URL     string
	Clients []netip.Prefix
}

// AddHints takes in the trackers of another of the torrent's infohashes.
func (t *Trackers) AddHints(hints []Hint) {
	for _, h := range hints {
		for _, c := range h.Clients {
			t.Add([][]string{{h.URL}}, c)
		}
	}
}

// Hints lists the trackers and the clients that named them, for another of the
// torrent's infohashes.
func (t *Trackers) Hints() (hints []Hint) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, tier := range t.tiers {
		for _, tr := range tier.trackers {
			h := Hint{URL: tr.url.key()}
			if tr.own {
				h.Clients = []netip.Prefix{{}}
			}
			for c := range tr.by {
				h.Clients = append(h.Clients, c)
			}
			hints = append(hints, h)
		}
	}
	return hints
}
