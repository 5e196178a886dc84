package fetch

import (
	"time"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/metainfo"
)

// A flight is a piece that is being downloaded: its buffer, the state of each
// block, and the copies of it that failed their hash. It is plain data under
// the Torrent's lock; the bytes of a block belong to the link that is placing
// it until its arrival is reported, and are constant from then on.
type flight struct {
	piece int
	size  int
	buf   *cache.Buffer
	alts  map[int]*cache.Buffer // blocks that came while a slower copy held their place

	blocks []block
	left   int // blocks not done
	free   int // blocks that nobody was asked for
	cursor int // no block whose turn is before is free

	owner    *link // a far piece goes whole to one peer
	urgent   bool  // a reader waits for it: striped over all
	deadline time.Duration
	started  time.Duration
	helped   time.Duration // when help looked at it last
	parked   time.Duration // when it stopped being wanted; 0 wanted
	dead     bool          // out of the table: late arrivals are waste

	parole *link      // only this peer is asked: the last copy failed
	failed []*failure // copies that failed, to find the liar

	opinions bool    // nobody is to send a block again that it sent in a failed copy
	turn     []int   // the order to ask for blocks in; nil is their own
	takes    int     // how often it was put together from opinions
	renewed  bool    // all of it was fetched once more beside them
	last     []*link // who sent the copy that failed last
	news     bool    // who sent blocks of a failed copy was convicted
	doubted  bool    // blocks of the second copy differ from the first
	suspects []*link // of them the one lied that lied alone
	tried    []*link // that was not it

	relieved int // times that it was taken from a parole peer for being slow
	beyond   int // blocks that were asked twice beyond the budget

	checks []check // blocks that came twice (check.go)

	verifier *metainfo.Verifier
	hashed   int  // blocks hashed, in order
	hashing  bool // a goroutine is at it
	copies   int  // how many copies were begun: what is hashed of an older one is void
}

type blockState uint8

const (
	blockFree  blockState = iota
	blockAsked            // asked of one or two links
	blockDone             // its bytes are in place
)

type block struct {
	state   blockState
	moves   uint8    // how often it was taken back from a peer for another
	yields  uint8    // how often it made way for what a reader waited for
	askers  [2]*link // who was asked; the second is a hedge
	from    *link    // who sent it
	placing *link    // who is writing into its place
	kept    bool     // it is an opinion of before
}

// A failure is a copy of a piece that failed its hash, and who sent what.
type failure struct {
	buf  *cache.Buffer
	from []*link
}

func newFlight(now time.Duration, info *metainfo.Info, piece int) *flight {
	n := info.NumBlocks(piece)
	return &flight{
		piece:   piece,
		size:    info.PieceSize(piece),
		blocks:  make([]block, n),
		left:    n,
		free:    n,
		started: now,
	}
}

// blockSize is the length of block n in bytes.
func (f *flight) blockSize(n int) int {
	return min(metainfo.BlockLen, f.size-n*metainfo.BlockLen)
}

// place is the memory of block n in the piece's buffer.
func (f *flight) place(n int) []byte {
	off := n * metainfo.BlockLen
	return f.buf.Bytes()[off : off+f.blockSize(n)]
}

// bytes is where the arrived bytes of block n are.
func (f *flight) bytes(n int) []byte {
	if alt := f.alts[n]; alt != nil {
		return alt.Bytes()[:f.blockSize(n)]
	}
	return f.place(n)
}

// nextFree returns the first block that nobody was asked for and l may be, or
// -1.
func (f *flight) nextFree(l *link) int {
	if f.free == 0 {
		return -1
	}
	for f.cursor < len(f.blocks) && f.blocks[f.nth(f.cursor)].state != blockFree {
		f.cursor++
	}
	for i := f.cursor; i < len(f.blocks); i++ {
		if n := f.nth(i); f.blocks[n].state == blockFree && !f.avoids(l, n) {
			return n
		}
	}
	return -1
}

// nth is the block whose turn is the i-th.
func (f *flight) nth(i int) int {
	if f.turn != nil {
		return f.turn[i]
	}
	return i
}

// ask marks block n as asked of l.
func (f *flight) ask(l *link, n int) {
	b := &f.blocks[n]
	if b.state == blockFree {
		f.free--
		b.state = blockAsked
	}
	if b.askers[0] == nil {
		b.askers[0] = l
	} else {
		b.askers[1] = l
	}
}

// unask takes l from the askers of block n; the last one frees it.
func (f *flight) unask(l *link, n int) {
	b := &f.blocks[n]
	if b.askers[0] == l {
		b.askers[0], b.askers[1] = b.askers[1], nil
	} else if b.askers[1] == l {
		b.askers[1] = nil
	}
	if b.state == blockAsked && b.askers[0] == nil {
		b.state = blockFree
		f.free++
		f.cursor = min(f.cursor, n)
		if f.turn != nil {
			f.cursor = 0
		}
	}
}

// arrive marks block n as sent by l.
func (f *flight) arrive(l *link, n int) {
	b := &f.blocks[n]
	if b.state == blockFree {
		f.free--
	}
	b.state = blockDone
	b.from = l
	b.askers = [2]*link{}
	f.left--
}

// contributors returns the links that sent blocks of the piece, in the order
// of their first block.
func (f *flight) contributors() []*link {
	var all []*link
	for i := range f.blocks {
		l := f.blocks[i].from
		if l != nil && !l.ours && !contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

func contains(all []*link, l *link) bool {
	for _, x := range all {
		if x == l {
			return true
		}
	}
	return false
}

// begun reports whether anything was, or is being, written to the buffer.
func (f *flight) begun() bool {
	if f.left < len(f.blocks) {
		return true
	}
	for i := range f.blocks {
		if f.blocks[i].placing != nil {
			return true
		}
	}
	return false
}

// reset makes every block free again, in a new buffer: the last copy failed.
func (f *flight) reset() {
	for i := range f.blocks {
		f.blocks[i] = block{}
	}
	f.left, f.free, f.cursor = len(f.blocks), len(f.blocks), 0
	f.hashed = 0
	f.verifier = nil
	f.copies++
	f.opinions, f.turn = false, nil
	f.doubted, f.suspects, f.tried = false, nil, nil
	f.owner = nil
	f.releaseAlts()
}

func (f *flight) releaseAlts() {
	for _, b := range f.alts {
		b.Release()
	}
	f.alts = nil
}

// release gives back all memory of the flight but the failed copies.
func (f *flight) release() {
	f.dead = true
	f.releaseAlts()
	f.dropChecks()
	if f.buf != nil {
		f.buf.Release()
		f.buf = nil
	}
}
