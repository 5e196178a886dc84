package fetch

import (
	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/sched"
)

// The memory of a session is one budget for what is in flight and what is ready
// for readers, in all torrents. What a reader waits for may use all of it, what
// is ahead of readers three quarters. Readers that wait for a piece that there
// is no room for are served in the order in which they began to wait. The pieces
// that readers are sending from come on top: half as much again, then they send
// from copies. What torrents take themselves comes out of it (memory_torrents.go).
//
// Pieces that wait for the disk beyond what the cache has for them are in the budget too:
// where the disk is slower than the swarm, readers get what they wait for as it writes
// (cache.Store.Backlog), and every piece gets there.

// pieceMemory is the schedulers' view of the piece memory budget.
type pieceMemory struct{ s *Session }

var _ sched.Memory = pieceMemory{}

// Room implements sched.Memory.
func (m pieceMemory) Room(n int, urgent bool) bool { return m.s.room(n, urgent) }

// Hold implements sched.Memory.
func (m pieceMemory) Hold(n int) { m.s.hold(n) }

// Free implements sched.Memory.
func (m pieceMemory) Free(n int) { m.s.free(n) }

// Buffer implements sched.Memory.
func (m pieceMemory) Buffer(n int) *cache.Buffer { return m.s.pool.Get(n) }

func (s *Session) room(n int, urgent bool) bool {
	waiting, limit := s.store.Backlog()
	used := s.used.Load() + max(0, waiting-limit)
	after := used + int64(n)
	if urgent {
		return after <= s.pieceLimit() || used == 0 // a piece may be larger than all of it
	}
	// Nor where the disk does not keep up.
	return after <= s.pieceLimit()/4*3 && waiting < limit/2
}

// pieceLimit is what torrents leave of the memory.
func (s *Session) pieceLimit() int64 {
	return s.budget - min(s.torrentBytes.Load()+s.gathered(), s.budget/4*3)
}

func (s *Session) hold(n int) { s.used.Add(int64(n)) }
func (s *Session) free(n int) { s.used.Add(-int64(n)) }

// Pressed reports whether the pieces that readers send from take so much memory
// that they should send from copies.
func (s *Session) Pressed() bool { return s.pinned.Load() > s.budget/2 }
