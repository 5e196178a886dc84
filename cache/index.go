package cache

import (
	"container/list"
	"encoding/hex"
	"os"
	"sync/atomic"

	"github.com/btgw/btgw/metainfo"
)

// A diskState is how far a piece is on its way to disk.
type diskState uint8

const (
	diskNone    diskState = iota
	diskQueued            // waits for the writer, in piece.buf
	diskWritten           // can be read, but a crash would lose it
	diskClaimed           // synced and in the journal
)

// A piece is a piece held in some tier. A piece that is lost and put again is a new
// one: a holder of the old one sees gone.
//
// All fields but the first three are protected by Store.mu.
type piece struct {
	c     *content
	index int
	size  int // bytes

	disk    diskState
	gone    bool // no longer in content.pieces
	proven  bool // what is on disk was verified in this process, and nothing speaks against it
	leaving bool // its place on disk is given up, but not given back yet
	doomed  bool // of these: no longer in the journal, but leased
	leases  int32

	served    atomic.Int64  // bytes read from disk; needs no lock
	cost      int64         // bytes of disk charged
	buf       *Buffer       // while queued, and while among Store.recent
	hot       *hotPiece     // its entry in the memory tier
	verifying chan struct{} // closed when the first use has verified it

	recent    *list.Element // in Store.recent
	unwritten *list.Element // in Store.unwritten

	newer, older *piece // in a list of Store.order
	asked        uint32 // when a use was last counted, in seconds of the Store's
	uses         uint8  // uses that count for it (order.go)
	main         bool   // its list is order.main
}

// onDisk reports whether the piece can be read from disk.
func (p *piece) onDisk() bool { return p.disk >= diskWritten }

// held reports whether the piece is in any tier.
func (p *piece) held() bool { return p.buf != nil || p.hot != nil || p.disk != diskNone }

// A content is the held part of one torrent, whether or not the torrent is open.
//
// All fields but the first four are protected by Store.mu.
type content struct {
	id    uint32
	geo   geometry
	name  string // of the data file
	guard guard

	origin  *origin        // nil: none
	twins   map[int]*twin  // pieces that others hold (twins.go)
	lent    map[int][]spot // those that are read from these
	pieces  map[int]*piece
	have    metainfo.Bitfield
	charged int64          // bytes of disk, of all that follows
	slots   int            // places on disk that are charged for
	leaving map[int]int    // how many of these are given up but not given back, by index
	debris  map[int]*piece // those that could not be given back
	excess  int64          // blocks found that no piece accounts for
	linked  bool           // the file's name is durable
	pinned  bool           // it is in Store.pins: none of its pieces is in Store.order
	unlinks int            // how often the file was removed
	handle  *Torrent       // nil while not open
	dead    bool           // removed
}

// newContent returns an empty content.
func newContent(id uint32, geo geometry) *content {
	return &content{
		id:      id,
		geo:     geo,
		name:    hex.EncodeToString([]byte(geo.hash)) + dataSuffix,
		pieces:  make(map[int]*piece),
		have:    metainfo.NewBitfield(geo.pieces),
		leaving: make(map[int]int),
		debris:  make(map[int]*piece),
	}
}

// offset returns the offset of a piece in the data file, in bytes.
func (c *content) offset(i int) int64 { return int64(i) * c.geo.pieceLen }

// cost returns the most bytes of disk that a piece takes: whole blocks, of which it may
// share the one at each end with a neighbour.
func (c *content) cost(i, size int) int64 {
	block := blockLen()
	off := c.offset(i)
	return roundUp(off+int64(size), block) - roundDown(off, block)
}

// unused reports whether nothing of the content is on disk, nor may be.
func (c *content) unused() bool { return c.slots == 0 && c.excess == 0 }

// free reports whether no piece at this place is claimed or being read.
func (c *content) free(i int) bool {
	p := c.pieces[i]
	return (p == nil || p.cost == 0) && c.leaving[i] == 0 && c.debris[i] == nil
}

// blockLen returns the unit of holes, in bytes. It is whole pages, so that punching a
// hole never changes a page that a neighbour's bytes are read from.
func blockLen() int64 { return max(4096, int64(os.Getpagesize())) }

func roundUp(n, unit int64) int64   { return (n + unit - 1) / unit * unit }
func roundDown(n, unit int64) int64 { return n / unit * unit }
