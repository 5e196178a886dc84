package fetch

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

const damagedPiece = 256 << 10

// dataFiles are the paths of the torrent's data files in a cache folder, in order.
func (s *sim) dataFiles(dir string) (names []string) {
	for i := 0; ; i++ {
		name := filepath.Join(dir, "pieces", fmt.Sprintf("%x-%d.run", s.hash().Bytes(), i))
		if _, err := os.Stat(name); err != nil {
			return names
		}
		names = append(names, name)
	}
}

// damages are what may happen to data files, whose bytes they change.
var damages = map[string]func(b []byte) []byte{
	"all zeros": func(b []byte) []byte { return make([]byte, len(b)) },
	"every other piece": func(b []byte) []byte {
		for off := 0; off < len(b); off += 2 * damagedPiece {
			clear(b[off:min(len(b), off+damagedPiece)])
		}
		return b
	},
	"bits": func(b []byte) []byte {
		r := rand.New(rand.NewPCG(1, 2))
		for range 40 {
			b[r.IntN(len(b))] ^= 1 << r.IntN(8)
		}
		return b
	},
	"the last piece": func(b []byte) []byte { b[len(b)-1] ^= 1; return b },
	"cut":            func(b []byte) []byte { return b[:len(b)/3] },
	"cut to nothing": func([]byte) []byte { return nil },
	"another file": func(b []byte) []byte {
		rand.NewChaCha8([32]byte{77}).Read(b)
		return b
	},
}

// rewrite changes what is in files, one after the other.
func rewrite(t *testing.T, names []string, change func([]byte) []byte) {
	t.Helper()
	var all []byte
	var ends []int
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
		ends = append(ends, len(all))
	}
	if len(all) == 0 {
		t.Fatal("there is nothing to change")
	}
	all, from := change(all), 0
	for i, name := range names {
		if err := os.WriteFile(name, all[min(from, len(all)):min(ends[i], len(all))], 0o600); err != nil {
			t.Fatal(err)
		}
		from = ends[i]
	}
}

// A cache that was damaged costs little more than none, before a start as while it runs,
// though the peers are seeds that hang up on seeds; and no wrong byte is read.
func TestDamagedCache(t *testing.T) {
	const size, peers, rate, rtt = 16 << 20, 3, 20_000_000, 20 * ms
	begin := func(t *testing.T, dir string) *sim {
		s := newSim(t, simnet.Ideal, rtt, damagedPiece, size)
		seed := simnet.Libtorrent()
		seed.LeavesSeeds = true
		for range peers {
			s.script(rate, seed)
		}
		s.gate = s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: dir, MemoryBytes: 4 << 20})
		return s
	}
	whole := func(s *sim) time.Duration {
		start := time.Now()
		c := s.open(0, size)
		defer c.Close()
		s.read(c, 0, size)
		return time.Since(start)
	}
	again := func(s *sim) Content { // by the infohash alone
		c, err := s.gate.session.Open(context.Background(), s.hash(), Hints{}, &s.torrent.Info.Files[0], 0, size)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var cold time.Duration
	bubble.Test(t, func(t *testing.T) { cold = whole(begin(t, t.TempDir())) })
	check := func(t *testing.T, took time.Duration) {
		t.Helper()
		if t.Logf("read after %v, cold it is %v", took, cold); took > 2*cold {
			t.Errorf("read after %v, cold it is %v", took, cold)
		}
	}
	laters := []time.Duration{0, time.Second, time.Minute, time.Hour}
	if raced {
		laters = []time.Duration{time.Minute}
	}
	for name, damage := range damages {
		if raced && name != "bits" {
			continue
		}
		t.Run(name+", before a start", func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				s := begin(t, filepath.Join(dir, "other"))
				earlier, err := cache.Open(cache.Config{Dir: filepath.Join(dir, "cache")})
				if err != nil {
					t.Fatal(err)
				}
				n := &node{store: earlier}
				s.keep(n, 0, s.torrent.Info.NumPieces(), false)
				if err := earlier.PutMetainfo(s.torrent); err != nil {
					t.Fatal(err)
				}
				if err := earlier.Close(); err != nil {
					t.Fatal(err)
				}
				rewrite(t, s.dataFiles(filepath.Join(dir, "cache")), damage)
				s.gate = s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: filepath.Join(dir, "cache"), MemoryBytes: 4 << 20})
				check(t, whole(s))
				check(t, whole(s))
			})
		})
		t.Run(name+", while it runs", func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				s := begin(t, dir)
				whole(s)
				s.held()
				time.Sleep(10 * time.Second) // all seeds have left
				if st, _ := s.gate.session.Status(s.hash()); st.Swarm.Connected != 0 {
					t.Errorf("%d seeds stay with a seed", st.Swarm.Connected)
				}
				for _, later := range laters {
					s.held()
					time.Sleep(later)
					rewrite(t, s.dataFiles(dir), damage)
					start := time.Now()
					c := again(s)
					s.read(c, 0, size)
					check(t, time.Since(start))
					c.Close()
				}
			})
		})
		t.Run(name+", under a reader", func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				s := begin(t, dir)
				whole(s)
				s.held()
				time.Sleep(10 * time.Second)
				start := time.Now()
				c := again(s)
				defer c.Close()
				s.first(c, start)
				rewrite(t, s.dataFiles(dir), damage)
				s.read(c, 0, size)
				check(t, time.Since(start))
			})
		})
	}
}

// Peers are told of what was verified in this run, and the rest is verified for them.
func TestPeersHearOfWhatIsVerified(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 16 << 20
		dir := t.TempDir()
		s := newSim(t, simnet.Ideal, 20*ms, damagedPiece, size)
		earlier, err := cache.Open(cache.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		s.keep(&node{store: earlier}, 0, s.torrent.Info.NumPieces(), false)
		_ = earlier.PutMetainfo(s.torrent)
		if err := earlier.Close(); err != nil {
			t.Fatal(err)
		}
		rewrite(t, s.dataFiles(dir), damages["the last piece"])
		s.seeds = append(s.seeds, s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: dir}))
		last := s.torrent.Info.NumPieces() - 1
		c := s.open(0, int64(last)*damagedPiece)
		defer c.Close()
		s.read(c, 0, int64(last)*damagedPiece)
		time.Sleep(time.Second)
		tor := inUse(s.gate.session, s.hash())
		tor.mu.Lock()
		defer tor.mu.Unlock()
		if l := tor.core.Links[0]; !l.Has.Has(0) || !l.Has.Has(last-1) || l.Has.Has(last) {
			t.Errorf("the peer says that it has %x", l.Has)
		}
	})
}

// Pieces of a file whose hashes have not come keep no others from being verified and told of.
// When the hashes come they are verified too.
func TestPiecesOfFilesWithoutHashes(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSimOf(t, metainfo.V2, simnet.Ideal, 20*ms, 16<<10, 1)
		large, small := noise(1, 100_000), noise(2, 10_000)
		mt, err := metainfo.Make(t.Context(), metainfo.MakeOptions{
			FS: fstest.MapFS{"dir/a": {Data: large}, "dir/b": {Data: small}}, Root: "dir", Version: metainfo.V2, PieceLength: 16 << 10,
		})
		if err != nil {
			t.Fatal(err)
		}
		last := mt.Info.NumPieces() - 1
		s.torrent, s.content = mt, slices.Concat(large, make([]byte, mt.Info.PieceOffset(last)-int64(len(large))), small)
		dir := t.TempDir()
		earlier, err := cache.Open(cache.Config{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		s.keep(&node{store: earlier}, 0, last+1, false)
		_ = earlier.PutMetainfo(&metainfo.Torrent{Info: mt.Info})
		if err := earlier.Close(); err != nil {
			t.Fatal(err)
		}
		s.seeds = append(s.seeds, s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: dir}))
		if _, err := s.gate.session.Info(t.Context(), s.hash(), s.hints()); err != nil {
			t.Fatal(err)
		}
		told := func() (n int) {
			time.Sleep(time.Second)
			tor := inUse(s.gate.session, s.hash())
			tor.mu.Lock()
			defer tor.mu.Unlock()
			if l := tor.core.Links[0]; l.Has.Has(last) {
				n = l.Has.Count(last + 1)
			}
			return n
		}
		if n := told(); n != 1 {
			t.Errorf("told of %d pieces, and not of the last alone, whose hash is known", n)
		}
		if _, err := s.seeds[0].session.Add(t.Context(), mt); err != nil {
			t.Fatal(err)
		}
		if n := told(); n != last+1 {
			t.Errorf("told of %d of %d pieces when the hashes are there", n, last+1)
		}
	})
}

func noise(seed byte, n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{seed}).Read(b)
	return b
}
