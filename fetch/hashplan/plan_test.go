package hashplan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/metainfo/bencode"
	"github.com/btgw/btgw/peer"
)

// Files of one root have one length, or a piece of one would be judged by the other's.
func TestOneRootOfTwoLengths(t *testing.T) {
	for second, ok := range map[int64]bool{60_000: false, 40_000: true} {
		file := func(length int64) map[string]any {
			return map[string]any{"": map[string]any{"length": length, "pieces root": strings.Repeat("r", 32)}}
		}
		raw, err := bencode.Append(nil, map[string]any{
			"file tree": map[string]any{"a": file(40_000), "b": file(second)}, "meta version": 2, "name": "x", "piece length": 16 << 10,
		})
		if err != nil {
			t.Fatal(err)
		}
		info, err := metainfo.ParseInfo(raw)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := New(info, nil)
		var invalid *metainfo.InvalidError
		if ok != (plan != nil) || ok == errors.As(err, &invalid) {
			t.Errorf("%d: %v, %v", second, plan != nil, err)
		}
	}
}

// A fakePeer is a peer that can be asked for hashes, and does nothing by itself.
type fakePeer struct{}

func (fakePeer) Send(...peer.Command)              {}
func (fakePeer) RequestQueue() int                 { return 1 }
func (fakePeer) Ban(string)                        {}
func (fakePeer) String() string                    { return "fake" }
func (fakePeer) AskHashes(metainfo.HashRange) bool { return true }

// A bench is a plan, all layers of which are wanted, and peers that have nothing.
type bench struct {
	t       *testing.T
	torrent *metainfo.Torrent
	core    *sched.Core
	plan    *Plan
	peers   []*sched.Link
}

// newBench has so many files of three pieces each: a run a file.
func newBench(t *testing.T, files, peers int) *bench {
	t.Helper()
	fs := fstest.MapFS{}
	for i := range files {
		fs[fmt.Sprintf("all/%02d", i)] = &fstest.MapFile{Data: []byte(strings.Repeat(string(rune('a'+i)), 40_000))}
	}
	mt, err := metainfo.Make(t.Context(), metainfo.MakeOptions{FS: fs, Root: "all", Version: metainfo.V2, PieceLength: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, torrent: mt, core: sched.New(mt.Info, metainfo.NewBitfield(mt.Info.NumPieces()), 1<<20, nil)}
	if b.plan, err = New(mt.Info, nil); err != nil {
		t.Fatal(err)
	}
	b.plan.WantAll(1)
	for range peers {
		b.peers = append(b.peers, b.core.Join(10*time.Millisecond, 1, fakePeer{}))
	}
	return b
}

// asks expects so many.
func (b *bench) asks(now time.Duration, want int) []Ask {
	b.t.Helper()
	asks := b.plan.Ask(now, b.core)
	if len(asks) != want {
		b.t.Fatalf("%d asks at %v, want %d", len(asks), now, want)
	}
	return asks
}

// answer has what was asked come, rightly or not.
func (b *bench) answer(now time.Duration, a Ask, right bool) *metainfo.LayerTree {
	b.t.Helper()
	root := a.Range.Root
	message, ok := b.torrent.Info.FullLayerTree(root, b.torrent.Layers[root]).Append(nil, a.Range)
	if !ok {
		b.t.Fatalf("%+v is no request", a.Range)
	}
	if !right {
		message[0] ^= 1
	}
	return b.plan.Answer(now, a.Link, &peer.HashAnswer{Range: a.Range, Hashes: message})
}

func (b *bench) reject(now time.Duration, a Ask) {
	b.plan.Answer(now, a.Link, &peer.HashAnswer{Range: a.Range})
}

func TestAsksAreSharedOut(t *testing.T) {
	b := newBench(t, 20, 5)
	runs := map[metainfo.HashRange]bool{}
	for _, a := range b.asks(0, maxAsks) {
		runs[a.Range] = true
	}
	if len(runs) != maxAsks {
		t.Errorf("%d runs asked for, some of two peers", len(runs))
	}
	even := newBench(t, 10, 5)
	of := map[*sched.Link]int{}
	for _, a := range even.asks(0, 10) {
		of[a.Link]++
	}
	for _, l := range even.peers {
		if of[l] != 2 {
			t.Errorf("a peer of five is asked for %d of ten", of[l])
		}
	}
	few := newBench(t, 20, 1)
	few.asks(0, peer.MaxHashAsks)
	few.asks(1, 0) // it is busy
}

func TestAnotherIsAskedWhenOneIsLate(t *testing.T) {
	b := newBench(t, 1, 2)
	first := b.asks(0, 1)[0]
	if due := b.plan.Due(); due != Late {
		t.Errorf("due at %v, the first is late at %v", due, Late)
	}
	b.asks(Late-1, 0)
	second := b.asks(Late, 1)[0]
	if second.Link == first.Link || second.Range != first.Range {
		t.Errorf("%+v after %+v", second, first)
	}
	b.asks(gone, 0) // the first is given up and rests, the second has its time
	b.asks(gone+Late, 0)
	if b.plan.Hopeless(b.core) {
		t.Error("who is silent may still answer")
	}
	if again := b.asks(gone+silentRest, 1)[0]; again.Link != first.Link {
		t.Error("who has rested is not asked again")
	}
}

func TestRejectsCostEverLongerRests(t *testing.T) {
	b := newBench(t, 1, 1)
	now := time.Duration(0)
	for _, rest := range []time.Duration{RefusedRest, 2 * RefusedRest, 4 * RefusedRest} {
		b.reject(now, b.asks(now, 1)[0])
		b.asks(now+rest-1, 0)
		now += rest
	}
	if !b.plan.Hopeless(b.core) {
		t.Error("who rejected thrice may send it")
	}
	b.core.Join(0, 1, fakePeer{})
	if b.plan.Hopeless(b.core) {
		t.Error("a new peer is no hope")
	}
	if tree := b.answer(now, b.asks(now, 1)[0], true); tree == nil || !tree.Whole() {
		t.Fatal("a right answer is not taken")
	}
}

func TestWrongHashesAreNotAskedForAgain(t *testing.T) {
	b := newBench(t, 1, 1)
	now := time.Duration(0)
	for range maxWrong {
		if b.answer(now, b.asks(now, 1)[0], false) != nil {
			t.Fatal("wrong hashes are taken")
		}
		b.asks(now+wrongRest-1, 0)
		now += wrongRest
	}
	b.asks(now, 0)
	if !b.plan.Hopeless(b.core) {
		t.Error("a liar is hope")
	}
}

func TestPlanEndsWithTheLastLayer(t *testing.T) {
	b := newBench(t, 2, 1)
	if !b.plan.Blind(0) || b.plan.Bytes() == 0 {
		t.Error("a piece can be verified before its hash came")
	}
	for i, a := range b.asks(0, 2) {
		tree := b.answer(0, a, true)
		if tree == nil {
			t.Fatal("a right answer is not taken")
		}
		if b.answer(0, a, true) != nil {
			t.Error("it is taken twice")
		}
		if hash, ok := b.plan.Hash(3 * i); !ok || hash != [32]byte(b.torrent.Layers[a.Range.Root]) || b.plan.Blind(3*i) {
			t.Errorf("piece %d: %x, %t", 3*i, hash, ok)
		}
		b.plan.Learn(metainfo.PieceLayers{a.Range.Root: tree.Layer()})
		if b.plan.Lacks(a.Range.Root) || b.plan.Tree(a.Range.Root) != nil || b.plan.Whole() != (i == 1) {
			t.Errorf("after layer %d: whole %t", i, b.plan.Whole())
		}
	}
}

func TestWhoLeavesIsNotAwaited(t *testing.T) {
	b := newBench(t, 1, 2)
	first := b.asks(0, 1)[0]
	b.core.Leave(1, first.Link)
	b.plan.Leave(first.Link)
	if second := b.asks(1, 1)[0]; second.Link == first.Link {
		t.Error("asked of a peer that left")
	}
}
