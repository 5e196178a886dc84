package fetch

import (
	"sync"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo/lanes"
)

// Where pieces come fast, they are hashed side by side: eight take as long as two or three do
// one after the other (metainfo/lanes). Such a piece is not hashed while it comes. Once complete
// it joins a set. The set is hashed when it has eight, when nothing else is in flight, or some
// milliseconds after its first piece came (laneTime). One is begun only while the last eight
// pieces came in as short a time. A reader in the middle of a stream has its bytes that much
// later, and no fewer of them a second. What anybody else waits for is hashed at once.
// docs/decisions/0011 has what it saves, and what was tried before.

// A laneSet is the complete pieces of a torrent that wait to be hashed together. Nobody else
// hashes them, or changes their blocks: Flight.Hashing is set. The torrent's lock guards it.
type laneSet struct {
	flights []*sched.Flight
	due     time.Duration             // when it is hashed, however few they are; 0: it is empty
	came    [lanes.Half]time.Duration // when the last pieces were complete, a ring
	oldest  int                       // place in came
	hashed  int                       // pieces that were hashed together
}

// laneHashers are the hashers that nobody uses.
var laneHashers = sync.Pool{New: func() any { return new(lanes.SHA1) }}

// note takes in that a piece is complete.
func (s *laneSet) note(now time.Duration) {
	s.came[s.oldest] = now
	s.oldest = (s.oldest + 1) % len(s.came)
}

// fast reports whether as many pieces as fill a set came within so long a time.
func (s *laneSet) fast(now, within time.Duration) bool {
	first := s.came[s.oldest]
	return first > 0 && now-first <= within
}

// laneTime is how long a set may take to fill.
func (t *Torrent) laneTime() time.Duration {
	return min(laneWait, time.Duration(lanes.Half*float64(t.info.PieceLength)/laneRate*float64(time.Second)))
}

// defers reports whether f is hashed with others. The lock is held.
func (t *Torrent) defers(f *sched.Flight) bool {
	if !t.s.sideBySide || !t.info.HasV1() || t.info.HasV2() {
		return false
	}
	return (t.lanes.due > 0 || t.lanes.fast(t.now(), t.laneTime())) && t.mayWait(f)
}

// mayWait reports whether f may be hashed some time after it came. The lock is held.
func (t *Torrent) mayWait(f *sched.Flight) bool {
	return len(t.pulls[f.Piece]) == 0 && t.core.MayWait(f)
}

// join takes f in once it is complete. It returns the set if that is to be hashed. The lock is
// held.
func (t *Torrent) join(f *sched.Flight) []*sched.Flight {
	if !f.Complete() {
		return nil
	}
	f.Hashing = true
	t.lanes.flights = append(t.lanes.flights, f)
	switch n := len(t.lanes.flights); {
	case n == lanes.Half || n == len(t.core.Flights):
		return t.lanes.take()
	case n == 1:
		t.lanes.due = t.now() + t.laneTime()
		t.wakeTimer()
	}
	return nil
}

// take empties the set.
func (s *laneSet) take() []*sched.Flight {
	all := s.flights
	s.flights, s.due = nil, 0
	return all
}

// overdue returns the set if it waited for long enough.
func (s *laneSet) overdue(now time.Duration) []*sched.Flight {
	if s.due == 0 || now < s.due {
		return nil
	}
	return s.take()
}

// comeTo takes out the set if somebody waits for a piece of it who may not wait, that piece first, and
// counts its hashing: close waits for hashCame. The lock is held, and the torrent is not closed.
func (t *Torrent) comeTo(piece int) []*sched.Flight {
	for i, f := range t.lanes.flights {
		if f.Piece == piece && !t.mayWait(f) {
			set := t.lanes.take()
			set[0], set[i] = set[i], set[0]
			t.done.Add(1)
			return set
		}
	}
	return nil
}

// hashCame hashes what comeTo took out, if anything. The lock is not held.
func (t *Torrent) hashCame(set []*sched.Flight) {
	if set != nil {
		defer t.done.Done()
		t.hashWaiting(set)
	}
}

// hashWaiting hashes what is out of the set, on a goroutine that brought none of it, and what is to be
// hashed after that. The lock is not held.
func (t *Torrent) hashWaiting(set []*sched.Flight) {
	t.hashSet(set)
	t.hashBlocks(nil)
}

// hashSet hashes pieces that are out of the set, if any: together as far as they can be, the others
// alone. The lock is not held.
func (t *Torrent) hashSet(set []*sched.Flight) {
	if set == nil {
		return
	}
	t.mu.Lock()
	joint, alone := split(set)
	var parts [lanes.Width][]byte
	bufs := make([]*cache.Buffer, len(joint))
	for i, f := range joint {
		f.Buf.Retain()
		bufs[i], parts[i] = f.Buf, f.Buf.Bytes()[:f.Size]
	}
	t.lanes.hashed += len(joint)
	t.mu.Unlock()
	if len(joint) > 0 {
		t.hashTogether(joint, &parts)
	}
	for _, b := range bufs {
		b.Release()
	}
	for _, f := range alone {
		t.mu.Lock()
		t.hashAlone(f)
	}
}

// split gives the pieces that are hashed together, and those that are not: they were given up, have blocks
// beside their buffer, or are too few.
func split(set []*sched.Flight) (joint, alone []*sched.Flight) {
	for _, f := range set {
		if f.Dead || f.Alts != nil {
			alone = append(alone, f)
		} else {
			joint = append(joint, f)
		}
	}
	if len(joint) < lanes.Worth {
		return nil, set
	}
	return joint, alone
}

// hashTogether hashes pieces side by side, and ends their download. parts are their bytes.
func (t *Torrent) hashTogether(set []*sched.Flight, parts *[lanes.Width][]byte) {
	h := laneHashers.Get().(*lanes.SHA1)
	for i := range set {
		h.Reset(i)
	}
	h.Write(parts)
	for i, f := range set {
		ok := h.Sum(i) == t.info.HashV1(f.Piece)
		t.mu.Lock()
		f.Hashing = false
		if f.Dead {
			t.rethink(f)
			continue
		}
		f.Hashed = len(f.Blocks)
		t.finish(f, ok)
	}
	laneHashers.Put(h)
}
