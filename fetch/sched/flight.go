package sched

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/fetch/blame"
	"github.com/btgw/btgw/metainfo"
)

// A Flight is a piece that is being downloaded: its buffer, the state of each
// block, and the case of it if a copy failed its hash. It is plain data under
// the Torrent's lock. The bytes of a block belong to the link that is placing
// it until its arrival is reported. They are constant from then on.
type Flight struct {
	Piece int
	Size  int
	Buf   *cache.Buffer
	Alts  map[int]*cache.Buffer // blocks that came while a slower copy held their place

	Blocks []Block
	left   int // blocks not done
	free   int // blocks that nobody was asked for
	cursor int // no block whose turn is before is free

	senders   int // how many links can send it, when the core's supply was sendersAt
	sendersAt int

	owner    *Link // a far piece goes whole to one peer
	outside  bool  // it is ended by the peers outside with which it was begun (ending.go)
	urgent   bool  // a reader waits for it: striped over all
	deadline time.Duration
	started  time.Duration
	parked   time.Duration // when it stopped being wanted; 0 wanted
	Dead     bool          // out of the table: late arrivals are waste

	parole *Link // only this peer is asked: the last copy failed
	Case   blame.Case[*Link]
	News   bool    // a peer that sent blocks of a failed copy was convicted
	liars  []*Link // sent blocks of the second copy that differ from the right ones

	beyond int // blocks that were asked twice beyond the budget

	checks []check // its beginning, as peers sent it (check.go)

	Verifier *metainfo.Verifier
	Hashed   int  // blocks hashed, in order
	Hashing  bool // a goroutine is at it
	Copies   int  // how many copies were begun: what is hashed of an older one is void
}

type BlockState uint8

const (
	blockFree  BlockState = iota
	blockAsked            // asked of one or two links
	BlockDone             // its bytes are in place
)

type Block struct {
	State   BlockState
	askers  [2]*Link // who was asked; the second is a hedge
	from    *Link    // who sent it
	Placing *Link    // who is writing into its place
	kept    bool     // it is a version of before
}

func newFlight(now time.Duration, info *metainfo.Info, piece int) *Flight {
	n := info.NumBlocks(piece)
	return &Flight{
		Piece:   piece,
		Size:    info.PieceSize(piece),
		Blocks:  make([]Block, n),
		left:    n,
		free:    n,
		started: now,
	}
}

// BlockSize is the length of block n in bytes.
func (f *Flight) BlockSize(n int) int {
	return min(metainfo.BlockLen, f.Size-n*metainfo.BlockLen)
}

// Place is the memory of block n in the piece's buffer.
func (f *Flight) Place(n int) []byte {
	off := n * metainfo.BlockLen
	return f.Buf.Bytes()[off : off+f.BlockSize(n)]
}

// Bytes gives the place of block n, whose bytes have arrived.
func (f *Flight) Bytes(n int) []byte {
	if alt := f.Alts[n]; alt != nil {
		return alt.Bytes()[:f.BlockSize(n)]
	}
	return f.Place(n)
}

// nextFree returns the first block that nobody was asked for and l may be, or
// -1.
func (f *Flight) nextFree(l *Link) int {
	if f.free == 0 {
		return -1
	}
	for f.cursor < len(f.Blocks) && f.Blocks[f.nth(f.cursor)].State != blockFree {
		f.cursor++
	}
	for i := f.cursor; i < len(f.Blocks); i++ {
		if n := f.nth(i); f.Blocks[n].State == blockFree && !f.avoids(l, n) {
			return n
		}
	}
	return -1
}

// nth is the block whose turn is the i-th.
func (f *Flight) nth(i int) int {
	if order := f.Case.Order; order != nil {
		return order[i]
	}
	return i
}

// ask marks block n as asked of l.
func (f *Flight) ask(l *Link, n int) {
	b := &f.Blocks[n]
	if b.State == blockFree {
		f.free--
		b.State = blockAsked
	}
	if b.askers[0] == nil {
		b.askers[0] = l
	} else {
		b.askers[1] = l
	}
}

// unask takes l from the askers of block n; the last one frees it.
func (f *Flight) unask(l *Link, n int) {
	b := &f.Blocks[n]
	if b.askers[0] == l {
		b.askers[0], b.askers[1] = b.askers[1], nil
	} else if b.askers[1] == l {
		b.askers[1] = nil
	}
	if b.State == blockAsked && b.askers[0] == nil {
		b.State = blockFree
		f.free++
		f.cursor = min(f.cursor, n)
		if f.Case.Order != nil {
			f.cursor = 0
		}
	}
}

// arrive marks block n as sent by l.
func (f *Flight) arrive(l *Link, n int) {
	b := &f.Blocks[n]
	if b.State == blockFree {
		f.free--
	}
	b.State = BlockDone
	b.from = l
	b.askers = [2]*Link{}
	f.left--
}

// contributors returns the links that sent blocks of the piece, in the order
// of their first block.
func (f *Flight) contributors() []*Link {
	var all []*Link
	for i := range f.Blocks {
		l := f.Blocks[i].from
		if l != nil && !l.ours && !contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

func contains(all []*Link, l *Link) bool {
	for _, x := range all {
		if x == l {
			return true
		}
	}
	return false
}

// begun reports whether anything was, or is being, written to the buffer.
func (f *Flight) begun() bool {
	if f.left < len(f.Blocks) {
		return true
	}
	for i := range f.Blocks {
		if f.Blocks[i].Placing != nil {
			return true
		}
	}
	return false
}

// reset makes every block free again, in a new buffer: the last copy failed.
func (f *Flight) reset() {
	for i := range f.Blocks {
		f.Blocks[i] = Block{}
	}
	f.left, f.free, f.cursor = len(f.Blocks), len(f.Blocks), 0
	f.Hashed = 0
	f.Verifier = nil
	f.Copies++
	f.Case.Restart()
	f.owner = nil
	f.ReleaseAlts()
}

func (f *Flight) ReleaseAlts() {
	for _, b := range f.Alts {
		b.Release()
	}
	f.Alts = nil
}

// release gives back all memory of the flight but that of its Case.
func (f *Flight) release() {
	f.Dead = true
	f.ReleaseAlts()
	f.dropChecks()
	if f.Buf != nil {
		f.Buf.Release()
		f.Buf = nil
	}
}

// hashable reports whether the next block in order is there.
func (f *Flight) hashable() bool {
	return !f.Dead && f.Hashed < len(f.Blocks) && f.Blocks[f.Hashed].State == BlockDone
}

// Ripe reports whether there is something to hash.
func (f *Flight) Ripe() bool { return f.hashable() || f.Suspect() != nil }

// Run gives the bytes that can be hashed next, the buffer that they lie in, and
// the block behind them. These are all that came in order, or one block where some
// came beside the piece's buffer. They are constant, whatever else comes.
func (f *Flight) Run() (buf *cache.Buffer, bytes []byte, last int) {
	first := f.Hashed
	if alt := f.Alts[first]; alt != nil {
		return alt, f.Bytes(first), first + 1
	}
	last = first + 1
	for f.Alts == nil && last < len(f.Blocks) && f.Blocks[last].State == BlockDone {
		last++
	}
	return f.Buf, f.Buf.Bytes()[first*metainfo.BlockLen : min(last*metainfo.BlockLen, f.Size)], last
}

// Came is the bytes of the blocks that have come.
func (f *Flight) Came() (n int64) {
	for i := range f.Blocks {
		if f.Blocks[i].State == BlockDone {
			n += int64(f.BlockSize(i))
		}
	}
	return n
}

// Complete reports whether all blocks have come.
func (f *Flight) Complete() bool { return f.left == 0 }
