package blame

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// A sender is a peer of these tests.
type sender struct {
	Record
	name string
}

func (s *sender) String() string { return s.name }

func senders(n int) (all []*sender) {
	for i := range n {
		all = append(all, &sender{name: fmt.Sprint("peer ", i)})
	}
	return all
}

// heap is memory of so many bytes, which counts what is held.
type heap struct{ room, counted, held int }

func (h *heap) Keep(n int) bool {
	if h.counted+n > h.room {
		return false
	}
	h.counted += n
	return true
}

func (h *heap) Forget(n int)      { h.counted -= n }
func (h *heap) Block(n int) Block { h.held += n; return &heapBlock{h, make([]byte, n), 1} }

type heapBlock struct {
	of    *heap
	bytes []byte
	refs  int
}

func (b *heapBlock) Bytes() []byte { return b.bytes }
func (b *heapBlock) Retain()       { b.refs++ }
func (b *heapBlock) Release() {
	if b.refs--; b.refs == 0 {
		b.of.held -= len(b.bytes)
	}
}

const size = metainfo.BlockLen

// fail tells a case of a copy whose blocks begin with words, and came of from.
func (h *heap) fail(c *Case[*sender], words string, from ...*sender) bool {
	x := &Copy[*sender]{Memory: h, Block: h.Block(len(words) * size), From: from, Kept: make([]bool, len(words))}
	defer x.Block.Release()
	for n := range words {
		x.Block.Bytes()[n*size] = words[n]
	}
	return c.Fail(x)
}

func block(word byte) []byte {
	b := make([]byte, size)
	b[0] = word
	return b
}

// TestVersionsAreHeldOnce: a version that several sent is held once, and counted; what is new of a copy
// is held beside it; what there is no room for is not, and then nothing is learned of that copy.
func TestVersionsAreHeldOnce(t *testing.T) {
	p := senders(4)
	h := &heap{room: 3 * size}
	var c Case[*sender]
	if !h.fail(&c, "ab", p[0], p[1]) || h.counted != 2*size {
		t.Fatalf("%d bytes are counted of the first copy", h.counted)
	}
	if !h.fail(&c, "ab", p[2], p[3]) || h.counted != 2*size || h.held != h.counted {
		t.Errorf("the same again: %d bytes are counted, %d held", h.counted, h.held)
	}
	if !c.Sent(p[2], 0) || c.Sent(p[2], 1) || c.Senders(0, func(*sender) bool { return true }) != 2 {
		t.Error("who sent it again is not known")
	}
	if !h.fail(&c, "cb", p[1], p[0]) || h.counted != 3*size || h.held != h.counted {
		t.Errorf("one new block: %d bytes are counted, %d held", h.counted, h.held)
	}
	if h.fail(&c, "xy", p[3], p[2]) || h.counted != 3*size || h.held != h.counted {
		t.Errorf("beyond the memory: %d bytes are counted, %d held", h.counted, h.held)
	}
	if !c.Failed() || !c.Informed() {
		t.Error("what was known before is lost")
	}
	var book Book[*sender]
	book.Convict(p[1])
	c.Drop()
	if h.counted != 2*size || !c.Sent(p[3], 1) || c.Sent(p[1], 0) {
		t.Errorf("of a convicted peer alone: %d bytes are counted", h.counted)
	}
	c.Close()
	if h.counted != 0 || h.held != 0 || c.Failed() {
		t.Errorf("%d bytes are counted at the end, %d held", h.counted, h.held)
	}
}

// TestNoRoom: the first copy that cannot be kept leaves nothing but one peer alone.
func TestNoRoom(t *testing.T) {
	p := senders(2)
	h := &heap{room: size}
	var c Case[*sender]
	if h.fail(&c, "ab", p...) || !c.Failed() || c.Informed() || h.held != 0 {
		t.Errorf("failed %v, informed %v, %d bytes held", c.Failed(), c.Informed(), h.held)
	}
	if step, _ := c.Next(false); step != Alone {
		t.Errorf("step %d", step)
	}
}

// TestVersionsAreBounded: of one block no more than maxVersions are held, whatever peers send.
func TestVersionsAreBounded(t *testing.T) {
	p := senders(40)
	h := &heap{room: 1 << 30}
	var c Case[*sender]
	for i := range 20 {
		h.fail(&c, string([]byte{'A' + byte(i), 'a' + byte(i)}), p[2*i], p[2*i+1])
	}
	if h.counted != 2*maxVersions*size || h.held != h.counted {
		t.Errorf("%d blocks are counted, %d held", h.counted/size, h.held/size)
	}
}

// TestLoneLiarIsTheSuspect: of two copies that differ in what one peer sent, the piece without that is
// offered, and the peer is not offered again.
func TestLoneLiarIsTheSuspect(t *testing.T) {
	p := senders(3)
	h := &heap{room: 1 << 20}
	var c Case[*sender]
	var book Book[*sender]
	h.fail(&c, "xbc", p[0], p[1], p[2])
	if step, doubt := c.Next(false); step != Keep || doubt != 0 || !c.Apart {
		t.Fatalf("step %d, doubt %v", step, doubt)
	}
	again := map[int]*sender{}
	came := func(n int) bool { return again[n] != nil }
	again[1] = p[2]
	if c.Compare(&book, 1, p[2], block('b')) {
		t.Error("the same bytes are no reason for another order")
	}
	if s, ok := c.Suspect(came); ok {
		t.Errorf("%v is suspected, and nothing differs", s)
	}
	again[0] = p[1]
	if !c.Compare(&book, 0, p[1], block('a')) || c.Order[0] != 1 {
		t.Errorf("order %v: what the two sent is to come first", c.Order)
	}
	var tried []*sender
	for s, ok := c.Suspect(came); ok; s, ok = c.Suspect(came) {
		c.Clear(s)
		tried = append(tried, s)
		blocks, from, release := c.Without(s, func(n int) ([]byte, *sender) { return block('a'), again[n] })
		if s == p[0] && (blocks[0][0] != 'a' || blocks[1][0] != 'b' || from[0] != p[1] || from[2] != p[2]) {
			t.Errorf("without %v it is %c%c%c of %v", s, blocks[0][0], blocks[1][0], blocks[2][0], from)
		}
		release()
	}
	if !slices.Contains(tried, p[0]) || slices.Contains(tried, p[2]) {
		t.Errorf("tried %v", tried)
	}
	c.Close()
	if h.held != 0 {
		t.Errorf("%d bytes are held", h.held)
	}
}

// TestManySayTheSame: a version that more peers sent is believed rather, and none of a convicted one.
func TestManySayTheSame(t *testing.T) {
	p := senders(4)
	h := &heap{room: 1 << 20}
	var c Case[*sender]
	h.fail(&c, "xb", p[0], p[1])
	h.fail(&c, "ab", p[1], p[0])
	h.fail(&c, "ac", p[2], p[3])
	if b, from, ok := c.Believed(0, 1); !ok || b[0] != 'a' || from != p[1] {
		t.Errorf("%c of %v, %v", b[0], from, ok)
	}
	if _, _, ok := c.Believed(0, p[0].Suspicion()*p[0].Suspicion()); ok {
		t.Error("it is in more doubt than that")
	}
	var book Book[*sender]
	for _, liar := range p[1:3] {
		book.Convict(liar)
	}
	if b, from, ok := c.Believed(0, 1); !ok || b[0] != 'x' || from != p[0] {
		t.Errorf("%c of %v, %v", b[0], from, ok)
	}
	book.Convict(p[0])
	if _, from, ok := c.Believed(0, 1); ok {
		t.Errorf("%v is believed, and convicted", from)
	}
}

// TestNextEnds: whatever comes, a piece is put together from versions, then fetched again once, and then
// one peer sends it alone.
func TestNextEnds(t *testing.T) {
	p := senders(4)
	h := &heap{room: 1 << 20}
	var c Case[*sender]
	h.fail(&c, "ab", p[0], p[1])
	h.fail(&c, "cd", p[2], p[3])
	keeps := 0
	for step, last := c.Next(false); step == Keep; step, last = c.Next(false) {
		if keeps++; keeps > maxAttempts || last > credible {
			t.Fatalf("attempt %d keeps what is in doubt by %v", keeps, last)
		}
	}
	if step, _ := c.Next(false); step != Refetch || !c.Refetching() || c.Refetching() {
		t.Errorf("step %d, or it is refetched twice", step)
	}
	if step, doubt := c.Next(true); step != Keep || doubt != 1 {
		t.Errorf("with a liar known: step %d, doubt %v", step, doubt)
	}
	c.Reconsider()
	if !c.Refetching() {
		t.Error("a liar was found, and it is not fetched again")
	}
}

// TestLiars: those that sent what differs from the right piece are named, and no others.
func TestLiars(t *testing.T) {
	p := senders(4)
	h := &heap{room: 1 << 20}
	var c Case[*sender]
	h.fail(&c, "xb", p[0], p[1])
	h.fail(&c, "xb", p[2], p[3])
	h.fail(&c, "ay", p[3], p[0])
	var liars []*sender
	c.Liars(func(n int) []byte { return block("ab"[n]) }, func(s *sender) {
		if !slices.Contains(liars, s) {
			liars = append(liars, s)
		}
	})
	if !slices.Equal(liars, []*sender{p[0], p[2]}) {
		t.Errorf("%v", liars)
	}
}

// TestSuspicion: conflicts speak against a peer, right blocks for it; a conflict with one that is
// convicted says nothing.
func TestSuspicion(t *testing.T) {
	p := senders(3)
	var book Book[*sender]
	if s := p[0].Suspicion(); s != 0.25 {
		t.Errorf("%v of one that nothing is known of", s)
	}
	book.compared(&p[0].Record, &p[1].Record, false)
	book.compared(&p[0].Record, &p[2].Record, true)
	if a, b, c := p[0].Suspicion(), p[1].Suspicion(), p[2].Suspicion(); a >= b || c >= a || c >= 0.25 {
		t.Errorf("%v, %v, %v", a, b, c)
	}
	if !book.Convict(p[1]) || book.Convict(p[1]) || book.Convictions != 1 || p[1].Suspicion() != 1 {
		t.Error("it is convicted once")
	}
	if s := p[0].Suspicion(); s != 0.5/3 {
		t.Errorf("%v after the liar it differed from is known", s)
	}
	for range 2 * MaxProven {
		p[0].Prove()
	}
	if p[0].Proven != MaxProven || p[0].League() != 0 {
		t.Errorf("%d blocks speak for it, league %d", p[0].Proven, p[0].League())
	}
	for range 2 * maxConflicts {
		book.compared(&p[0].Record, &p[2].Record, false)
	}
	if len(book.conflicts) != maxConflicts || p[2].conflicted != maxConflicts {
		t.Errorf("%d conflicts are remembered, %d counted", len(book.conflicts), p[2].conflicted)
	}
}

// TestAlone: who sent what a convicted peer sent alone is in league with it, as far as is known.
func TestAlone(t *testing.T) {
	p := senders(4)
	h := &heap{room: 1 << 20}
	var c Case[*sender]
	h.fail(&c, "ab", p[0], p[1])
	wrong := Copy[*sender]{Memory: h, Block: h.Block(2 * size), From: []*sender{p[2], p[2]}, Kept: make([]bool, 2)}
	wrong.Block.Bytes()[0], wrong.Block.Bytes()[size] = 'a', 'x'
	c.Alone(&wrong)
	if a, b, unknown := p[0].League(), p[1].League(), p[3].League(); a != 3 || b != 1 || unknown != 2 {
		t.Errorf("leagues %d, %d, %d", a, b, unknown)
	}
}

// TestWary: failures are put down to the liars that were found and one more, and bytes to the torrent.
func TestWary(t *testing.T) {
	var book Book[*sender]
	if book.Wary(failuresEach, 0, 1) || !book.Wary(failuresEach+1, 0, 1) || !book.Wary(0, failedSizes+1, 1) {
		t.Error("with nobody convicted")
	}
	book.Convict(senders(1)[0])
	if book.Wary(2*failuresEach, 0, 1) || !book.Wary(2*failuresEach+1, 0, 1) {
		t.Error("with one convicted")
	}
}

// TestAnyCopies: whatever copies fail, and whoever is convicted in between, what is counted is held, no
// version is held twice, and all is given back.
func TestAnyCopies(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 9))
		p := senders(2 + r.IntN(8))
		h := &heap{room: r.IntN(20) * size}
		blocks := 1 + r.IntN(5)
		var c Case[*sender]
		var book Book[*sender]
		for range r.IntN(12) {
			words, from := make([]byte, blocks), make([]*sender, blocks)
			for n := range words {
				words[n], from[n] = 'a'+byte(r.IntN(4)), p[r.IntN(len(p))]
			}
			h.fail(&c, string(words), from...)
			c.Next(r.IntN(4) == 0)
			if n := r.IntN(blocks); r.IntN(2) == 0 {
				c.Compare(&book, n, p[r.IntN(len(p))], block('a'))
			}
			if r.IntN(4) == 0 {
				book.Convict(p[r.IntN(len(p))])
				c.Reconsider()
			}
			if h.counted > h.room || h.held != h.counted {
				t.Fatalf("seed %d: %d bytes are counted of %d, %d held", seed, h.counted, h.room, h.held)
			}
			for n, all := range c.versions {
				for i, v := range all {
					if slices.ContainsFunc(all[i+1:], func(o *version[*sender]) bool { return bytes.Equal(o.bytes, v.bytes) }) {
						t.Fatalf("seed %d: block %d has a version twice", seed, n)
					}
				}
			}
		}
		c.Close()
		if h.counted != 0 || h.held != 0 {
			t.Fatalf("seed %d: %d bytes are counted at the end, %d held", seed, h.counted, h.held)
		}
	}
}
