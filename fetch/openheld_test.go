package fetch

import (
	"bytes"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// What the cache has as a whole is opened without a swarm, and its first piece is ready at once. Of everything else OpenHeld
// opens nothing, begins no torrent, and keeps no place.
func TestOpenHeld(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		if c, ok := gate.OpenHeld(s.hash(), Hints{}, 0, 0, 1); ok {
			c.Close()
			t.Error("what nobody knows is held")
		}
		s.seed(simRate, false)
		c := s.open(0, 512<<10)
		s.read(c, 0, 512<<10)
		c.Close()
		time.Sleep(2 * (closeAfter + 2*reapEvery))
		if c, ok := gate.OpenHeld(s.hash(), Hints{}, 0, 0, 1); ok {
			c.Close()
			t.Error("what is not in memory is held")
		}
		if _, ok := gate.Known(s.hash()); !ok {
			t.Fatal("it is not known")
		}
		size := int64(len(s.content))
		for _, r := range []struct {
			file   int
			off, n int64
		}{
			{0, 0, size}, {0, 256 << 10, size - 256<<10}, {0, size - 1, 1}, // not here
			{0, 0, size + 1}, {0, size, 1}, {0, -1, 10}, {0, 0, 0}, {0, 1, 1<<63 - 1}, {-1, 0, 1}, {1, 0, 1}, // nowhere
		} {
			if c, ok := gate.OpenHeld(s.hash(), Hints{}, r.file, r.off, r.n); ok {
				c.Close()
				t.Errorf("%+v is held", r)
			}
		}
		dialled := s.gate.net.Stats().Dials
		for _, r := range [][2]int64{{0, 1}, {0, 512 << 10}, {100, 300 << 10}, {512<<10 - 1, 1}} {
			c, ok := gate.OpenHeld(s.hash(), manyHints(clientOf(1)), 0, r[0], r[1])
			if !ok {
				t.Fatalf("%v is not held", r)
			}
			var got bytes.Buffer
			for first := true; int64(got.Len()) < r[1]; first = false {
				if !first { // the first piece is there
					if err := c.Wait(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				if _, err := c.WriteNext(&got); err != nil {
					t.Fatal(err)
				}
			}
			c.Close()
			if !bytes.Equal(got.Bytes(), s.content[r[0]:r[0]+r[1]]) {
				t.Errorf("%v: other bytes", r)
			}
		}
		if torrents, _ := inMemory(gate); s.gate.net.Stats().Dials != dialled || torrents != 0 {
			t.Errorf("%d connections dialled, %d torrents begun", s.gate.net.Stats().Dials-dialled, torrents)
		}
		if n := gate.readers.Load(); n != 0 {
			t.Errorf("%d readers are left", n)
		}
		time.Sleep(2 * (closeAfter + 2*reapEvery))
		if _, n := inMemory(gate); n != 0 {
			t.Errorf("%d holdings are left", n)
		}
	})
}

// With as many readers as there may be OpenHeld opens nothing, until one has gone.
func TestOpenHeldHasPlaces(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		s.seed(simRate, false)
		c := s.open(0, 256<<10)
		s.read(c, 0, 256<<10)
		c.Close()
		gate.maxReaders = 1
		one, ok := gate.OpenHeld(s.hash(), Hints{}, 0, 0, 1)
		if !ok {
			t.Fatal("not held")
		}
		if c, ok := gate.OpenHeld(s.hash(), Hints{}, 0, 0, 1); ok {
			c.Close()
			t.Error("one reader too many")
		}
		one.Close()
		if c, ok = gate.OpenHeld(s.hash(), Hints{}, 0, 0, 1); !ok {
			t.Fatal("no place after a reader has gone")
		}
		c.Close()
	})
}

// A piece that is lost once it was opened is fetched again, as with Open.
func TestOpenHeldIsLost(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		c, ok := gate.OpenHeld(s.hash(), s.hints(), 0, 0, 1<<20)
		if !ok {
			t.Fatal("not held")
		}
		defer c.Close()
		heldOf(gate, s.hash()).stored.Remove() // as a disk that fails
		s.read(c, 0, 1<<20)
		if st, _ := gate.Status(s.hash()); st.Downloaded <= 1<<20 {
			t.Errorf("%d bytes downloaded", st.Downloaded)
		}
	})
}

// A content that is finished holds nothing, and the next one reads what it was opened for. One that was in a swarm stays as
// it is: its torrent may still know it.
func TestFinish(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate := s.gate.session
		s.seed(simRate, false)
		c := s.open(0, 1<<20)
		s.read(c, 0, 1<<20)
		c.Close()
		held := heldOf(gate, s.hash())
		for i := range int64(16) {
			off, n := i<<16, 3*i+1
			c, ok := gate.OpenHeld(s.hash(), s.hints(), 0, off, n)
			if !ok {
				t.Fatal("not held")
			}
			s.read(c, off, n)
			Finish(c)
			if of := c.(*content); of.h != nil || !of.held.empty() || of.closed || held.readers != 0 || gate.readers.Load() != 0 {
				t.Fatalf("after content %d: %d readers of the torrent, %d of all, or it holds something", i, held.readers, gate.readers.Load())
			}
		}
		c, ok := gate.OpenHeld(s.hash(), s.hints(), 0, 0, 1<<20)
		if !ok {
			t.Fatal("not held")
		}
		heldOf(gate, s.hash()).stored.Remove()
		s.read(c, 0, 1<<20)
		Finish(c)
		if of := c.(*content); of.t == nil || !of.closed || gate.readers.Load() != 0 {
			t.Errorf("one that was in a swarm is used again, or %d readers are left", gate.readers.Load())
		}
	})
}

// inUse is the torrent in use by an infohash; nil: there is none.
func inUse(s *Session, ih metainfo.InfoHash) *Torrent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.torrents[ih]
}

// heldOf is what is held of a torrent in memory; nil: nothing is.
func heldOf(s *Session, ih metainfo.InfoHash) *holding {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.holdings[ih]
}

// inMemory is how many torrents are in use, and of how many something is known.
func inMemory(s *Session) (torrents, holdings int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.torrents), len(s.holdings)
}
