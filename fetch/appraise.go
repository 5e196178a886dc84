package fetch

import (
	"slices"

	"github.com/btgw/btgw/cache"
)

// fewCopies is what is dear to fetch again: the swarm has less than this.
const fewCopies = 2

// appraise tells the cache how dear the torrent's pieces are to fetch again, as far as its swarm
// shows that now. Once all of it is here, peers that have all of it leave, and nothing is learnt.
func (t *Torrent) appraise() {
	t.mu.Lock()
	if t.closed || t.core == nil || !t.warm || t.core.Have.Count(t.info.NumPieces()) == t.info.NumPieces() {
		t.mu.Unlock()
		return
	}
	cost := t.missCost()
	same := cost == t.cost
	t.cost = cost
	t.mu.Unlock()
	if !same {
		t.stored.SetMissCost(cost)
	}
}

// missCost tells how dear the pieces are. The lock is held.
func (t *Torrent) missCost() cache.MissCost {
	copies, sibling := t.core.Copies()
	served := slices.ContainsFunc(t.seeds.all, func(s webSeed) bool { return s.l.Proven > 0 })
	switch {
	case served || t.objects.seed != nil && !t.objects.off:
		return cache.Cheap
	case sibling: // it may have what is spare there, and goes first; and of the swarm little is seen
		return cache.Ordinary
	case copies < fewCopies:
		return cache.Dear
	default:
		return cache.Ordinary
	}
}
