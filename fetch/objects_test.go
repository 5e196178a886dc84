package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/fakestore"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// bucket puts an object store on a host of its own, which sends up bytes/s. Nodes that are made
// from now on use it, each by a Store of its own; gateways are made by gateway.
type bucket struct {
	*fakestore.Server
	s    *sim
	at   object.Location
	path string // of the torrent's objects
}

func (s *sim) bucket(up int64) *bucket {
	host := s.net.Host(simnet.HostConfig{Up: up})
	l, err := host.Listen(s.t.Context(), "tcp", ":80")
	if err != nil {
		s.t.Fatal(err)
	}
	b := &bucket{Server: fakestore.New(s.t), s: s, path: "v1/" + s.hash().String() + "/"}
	server := &http.Server{Handler: b}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	s.t.Cleanup(func() {
		_ = server.Close()
		if err := <-served; err != http.ErrServerClosed {
			s.t.Error(err)
		}
	})
	b.at = fakestore.At(host.AddrPort(webPort).String(), "")
	return b
}

// gateway makes a node that uses the store, and is the one that the sim's reads go to.
func (b *bucket) gateway() *node {
	host := b.s.net.Host(simnet.HostConfig{})
	b.s.objects = fakestore.Open(b.s.t, b.at, host.DialContext)
	n := b.s.node(simnet.HostConfig{})
	b.s.objects = nil
	b.s.gate = n
	return n
}

// fill puts all runs into the store.
func (b *bucket) fill() {
	info := b.s.torrent.Info
	l := object.NewLayout(info)
	for run := range l.Runs() {
		first, last := l.Pieces(run)
		off := info.PieceOffset(first)
		b.Put(b.name(run), b.s.content[off:info.PieceOffset(last)+int64(info.PieceSize(last))])
	}
}

// name is what a run's object is called.
func (b *bucket) name(run int) string {
	first, last := object.NewLayout(b.s.torrent.Info).Pieces(run)
	return fmt.Sprintf("%s%07d-%d", b.path, first, last-first+1)
}

// readAll reads the whole content once, by infohash and hints alone.
func (b *bucket) readAll() {
	b.s.t.Helper()
	n := int64(len(b.s.content))
	c := b.s.open(0, n)
	defer c.Close()
	b.s.read(c, 0, n)
}

// runs counts the objects that are runs.
func (b *bucket) runs() (n int) {
	for _, key := range b.Keys() {
		if !strings.HasSuffix(key, "/metainfo") {
			n++
		}
	}
	return n
}

// TestTheSecondReadFillsTheObjectStore: what is read once stays out, what is read again is
// written whole, and a gateway that has nothing and no peer gets metainfo and content from there.
func TestTheSecondReadFillsTheObjectStore(t *testing.T) {
	for _, version := range []metainfo.Version{metainfo.Hybrid, metainfo.V1, metainfo.V2} {
		if raced && version != metainfo.Hybrid {
			continue
		}
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				s := newSimOf(t, version, simnet.Ideal, simRTT, 256<<10, 9<<20+77)
				b := s.bucket(0)
				s.seed(20*simRate, false)
				b.gateway()
				b.readAll()
				time.Sleep(time.Minute)
				if n := b.runs(); n != 0 {
					t.Fatalf("%d runs were written after one read", n)
				}
				if b.Get(b.path+"metainfo") == nil {
					t.Error("no metainfo was written")
				}
				b.readAll()
				time.Sleep(time.Minute)
				if n := b.runs(); n != 2 {
					t.Fatalf("%d runs of 2 were written after two reads", n)
				}
				puts := b.Asked(http.MethodPut)
				b.readAll()
				time.Sleep(time.Minute)
				if n := b.Asked(http.MethodPut); n != puts {
					t.Errorf("%d objects were written again", n-puts)
				}

				s.seeds = nil
				n := b.gateway()
				b.readAll()
				if got := n.session.objects.Stats(); got.ReadBytes < int64(len(s.content)) || got.Errors != 0 || got.Wrong != 0 {
					t.Errorf("the new gateway's counts are %+v", got)
				}
			})
		})
	}
}

// TestAnObjectStoreThatFailsCostsNothing: with a store that is down, slow or silent, or refuses,
// the first byte comes as soon as without one, and so does all of the file.
func TestAnObjectStoreThatFailsCostsNothing(t *testing.T) {
	const size = 8 << 20
	play := func(t *testing.T, prepare func(b *bucket)) (first, all time.Duration) {
		bubble.Test(t, func(t *testing.T) {
			s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
			s.seed(simRate, false)
			if prepare != nil {
				b := s.bucket(0)
				b.fill()
				prepare(b)
				b.gateway()
			}
			start := time.Now()
			c := s.open(0, size)
			defer c.Close()
			first = s.first(c, start)
			s.read(c, 0, size)
			all = time.Since(start)
		})
		return first, all
	}
	first, all := play(t, nil)
	for name, fault := range map[string]fakestore.Fault{
		"2 s slow":            fakestore.Slow(2 * time.Second),
		"10 s slow":           fakestore.Slow(10 * time.Second),
		"silent":              fakestore.Slow(time.Hour),
		"503":                 fakestore.Refuse(http.StatusServiceUnavailable, "SlowDown"),
		"500":                 fakestore.Refuse(http.StatusInternalServerError, "InternalError"),
		"expired credentials": fakestore.Expired("another"),
		"a wrong clock":       fakestore.Clock(time.Hour),
		"cut":                 func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
	} {
		if raced && name != "2 s slow" && name != "503" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			got, end := play(t, func(b *bucket) { b.Fail(fault) })
			t.Logf("first byte after %v, without a store %v; all after %v, without %v", got, first, end, all)
			if got > first+10*time.Millisecond || end > all+all/10 {
				t.Errorf("first byte after %v, without a store %v; all after %v, without %v", got, first, end, all)
			}
		})
	}
	for name, fault := range map[string]fakestore.Fault{ // of each answer but the list
		"torn at once": fakestore.Torn(0), "torn in a block": fakestore.Torn(10_000), "torn in a piece": fakestore.Torn(100_000),
		"silent, but for its list": fakestore.Slow(time.Hour), "500, but for its list": fakestore.Refuse(http.StatusInternalServerError, "InternalError"),
	} {
		if raced && name != "torn in a block" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			got, end := play(t, func(b *bucket) {
				b.Fail(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
					if fakestore.Object(r) {
						fault(w, r, next)
					} else {
						next.ServeHTTP(w, r)
					}
				})
			})
			t.Logf("first byte after %v, without a store %v; all after %v, without %v", got, first, end, all)
			if got > first+10*time.Millisecond || end > all+all/10 {
				t.Errorf("first byte after %v, without a store %v; all after %v, without %v", got, first, end, all)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		got, end := play(t, func(b *bucket) { b.at.Endpoint = "192.0.2.1:80" })
		if got > first+10*time.Millisecond || end > all+all/10 {
			t.Errorf("first byte after %v, without a store %v; all after %v, without %v", got, first, end, all)
		}
	})
}

// TestAnObjectStoreThatTurnsSlow: it answered at once until the reader depends on it.
func TestAnObjectStoreThatTurnsSlow(t *testing.T) {
	for name, fault := range map[string]fakestore.Fault{
		"slow": fakestore.Slow(2 * time.Second), "silent": fakestore.Slow(time.Hour), "torn": fakestore.Torn(100_000),
		"500": fakestore.Refuse(http.StatusInternalServerError, "InternalError"),
	} {
		if raced && name != "slow" && name != "500" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 8 << 20
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
				b := s.bucket(2 * simRate)
				s.seed(simRate, false)
				b.fill()
				b.gateway()
				s.know()
				failed := time.AfterFunc(500*time.Millisecond, func() { b.Fail(fault) })
				defer failed.Stop()
				took, longest := s.longestWait(size, s.hints())
				t.Logf("%v, longest wait %v", took, longest)
				if most := transfer(size, simRate) + time.Second; took > most {
					t.Errorf("all came after %v, the peer alone takes %v", took, most)
				}
				if longest > 7*simRTT {
					t.Errorf("a piece was waited for for %v", longest)
				}
			})
		})
	}
}

// TestAnObjectStoreComesBack: after an outage it is asked again, with nobody's help.
func TestAnObjectStoreComesBack(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 12 << 20
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
		b := s.bucket(10 * simRate)
		b.fill()
		n := b.gateway()
		s.know()
		b.Fail(fakestore.Refuse(http.StatusServiceUnavailable, "SlowDown"))
		mended := time.AfterFunc(10*time.Second, func() { b.Fail(nil) })
		defer mended.Stop()
		took, _ := s.longestWait(size, Hints{})
		if got := n.session.objects.Stats(); !got.Up || got.ReadBytes < size || got.Errors == 0 {
			t.Errorf("the counts are %+v", got)
		}
		if took > 30*time.Second {
			t.Errorf("all came after %v", took)
		}
	})
}

// TestAnObjectStoreThatLies: no wrong byte leaves, and the objects that are read are replaced.
func TestAnObjectStoreThatLies(t *testing.T) {
	for _, peers := range []bool{false, true} {
		t.Run(fmt.Sprintf("peers %v", peers), func(t *testing.T) {
			bubble.Test(t, func(t *testing.T) {
				const size = 12 << 20
				s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
				b := s.bucket(10 * simRate)
				b.fill()
				wrong := b.Get(b.name(1))
				for i := 0; i < len(wrong); i += metainfo.BlockLen {
					wrong[i] ^= 1
				}
				b.Put(b.name(1), wrong)
				n := b.gateway()
				s.know()
				if !peers {
					c, err := n.session.Open(t.Context(), s.hash(), Hints{}, &s.torrent.Info.Files[0], 0, size)
					if err != nil {
						t.Fatal(err)
					}
					defer c.Close()
					got, err := drain(c, 20*time.Second)
					if len(got) != 8<<20 || !bytes.Equal(got, s.content[:8<<20]) || err == nil {
						t.Fatalf("%d bytes: %v", len(got), err)
					}
					if got := n.session.objects.Stats(); got.Wrong != 1 || b.Get(b.name(1)) != nil {
						t.Errorf("the counts are %+v, and the object is there: %v", got, b.Get(b.name(1)) != nil)
					}
					return
				}
				s.seed(simRate, false)
				s.longestWait(size, s.hints())
				if got := n.session.objects.Stats(); got.Wrong != 1 {
					t.Errorf("the counts are %+v", got)
				}
				time.Sleep(time.Minute)
				s.longestWait(size, s.hints())
				time.Sleep(time.Minute)
				if !bytes.Equal(b.Get(b.name(1)), s.content[8<<20:]) {
					t.Error("the wrong object was not replaced")
				}
			})
		})
	}
}

// TestAnObjectThatIsGone: a lifecycle rule deleted it since the list.
func TestAnObjectThatIsGone(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 12 << 20
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
		b := s.bucket(10 * simRate)
		s.seed(simRate, false)
		b.fill()
		n := b.gateway()
		s.know()
		b.Fail(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			if fakestore.Object(r) && strings.HasSuffix(r.URL.Path, b.name(1)) {
				fakestore.Refuse(http.StatusNotFound, "NoSuchKey")(w, r, next)
				return
			}
			next.ServeHTTP(w, r)
		})
		s.longestWait(size, s.hints())
		// As many as there were requests under way, and not once more.
		if got := n.session.objects.Stats(); got.Missing == 0 || got.Missing > 4 || got.Errors != 0 || !got.Up {
			t.Errorf("the counts are %+v", got)
		}
	})
}

// TestWhatIsEvictedComesFromTheObjectStore: also what this gateway wrote itself a moment ago.
func TestWhatIsEvictedComesFromTheObjectStore(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 9 << 20
		s := newSim(t, simnet.Ideal, simRTT, 256<<10, size)
		b := s.bucket(0)
		s.seed(20*simRate, false)
		n := b.gateway()
		b.readAll()
		b.readAll()
		time.Sleep(10 * time.Second)
		if n := b.runs(); n != 2 {
			t.Fatalf("%d runs of 2 were written", n)
		}
		if err := n.session.Evict(context.Background(), s.hash()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for _, seed := range s.seeds {
			seed.net.Vanish()
		}
		b.readAll()
		if got := n.session.objects.Stats(); got.ReadBytes == 0 {
			t.Errorf("the counts are %+v", got)
		}
	})
}

// TestWhatIsDeniedLeavesTheObjectStore: by an operator's hand, and by a sweep that waits for the store.
func TestWhatIsDeniedLeavesTheObjectStore(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSimOf(t, metainfo.Hybrid, simnet.Ideal, simRTT, 256<<10, 9<<20)
		b := s.bucket(0)
		s.seed(20*simRate, false)
		n := b.gateway()
		fill := func() {
			b.readAll()
			b.readAll()
			time.Sleep(10 * time.Second)
			if keys := b.Keys(); len(keys) != 4 {
				t.Fatalf("the store has %q", keys)
			}
		}
		fill()
		if err := n.session.Purge(t.Context(), s.torrent.Info.Hashes()[1]); err != nil || len(b.Keys()) != 0 {
			t.Errorf("after a purge the store has %q: %v", b.Keys(), err)
		}
		fill()
		b.Fail(fakestore.Refuse(http.StatusServiceUnavailable, "SlowDown"))
		n.session.Sweep(func(ih metainfo.InfoHash) bool { return ih == s.hash() })
		time.Sleep(time.Minute)
		b.Fail(nil)
		if err := n.session.Remove(t.Context(), s.hash()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if keys := b.Keys(); len(keys) != 0 {
			t.Errorf("after a sweep the store has %q", keys)
		}
		if err := n.session.Purge(t.Context(), s.hash()); !errors.Is(err, ErrUnknown) {
			t.Errorf("a purge of what nobody has: %v", err)
		}
	})
}
