package cache

import (
	"container/list"

	"github.com/btgw/btgw/metainfo"
)

// A piece is the copy of a piece in memory. One that left memory and came back is a new
// one: a holder of the old one sees gone.
//
// All fields but the first three are protected by Store.mu.
type piece struct {
	c     *content
	index int
	size  int // bytes

	spare  bool      // another gateway keeps it too, and nobody has read it here
	gone   bool      // no longer in content.pieces
	queued bool      // it waits for the writer, in buf
	buf    *Buffer   // while queued, and while among Store.recent
	hot    *hotPiece // its entry in the memory tier

	recent    *list.Element // in Store.recent
	unwritten *list.Element // in Store.unwritten
}

// A content is the held part of one torrent, whether or not the torrent is open.
//
// All fields but the first two are protected by Store.mu.
type content struct {
	id  uint32
	geo geometry

	origin  *origin        // nil: none
	twins   map[int]*twin  // pieces that others hold (twins.go)
	lent    map[int][]spot // those that are read from these
	pieces  map[int]*piece // those in memory
	runs    map[int]*run   // those that have a file, or had one that could not be deleted
	proving map[int]chan struct{}
	have    metainfo.Bitfield
	stored  int      // pieces on disk
	charged int64    // bytes of disk, of all runs
	handle  *Torrent // nil while not open

	missCost MissCost // as Torrent.SetMissCost has it
	pinned   bool     // it is in Store.pins: none of its runs is in Store.order
	dead     bool     // removed
}

// newContent returns an empty content.
func newContent(id uint32, geo geometry) *content {
	geo.runPieces = max(1, geo.runPieces)
	return &content{
		id:   id,
		geo:  geo,
		runs: make(map[int]*run),
		have: metainfo.NewBitfield(geo.pieces),
	}
}

// add takes in a piece that is in memory. Store.mu is held. Most contents have none, and no map.
func (c *content) add(p *piece) {
	if c.pieces == nil {
		c.pieces = make(map[int]*piece)
	}
	c.pieces[p.index] = p
}

// prove notes that a piece is being verified until done is closed. Store.mu is held.
func (c *content) prove(i int, done chan struct{}) {
	if c.proving == nil {
		c.proving = make(map[int]chan struct{})
	}
	c.proving[i] = done
}

// runOf returns the run that a piece is in, or nil.
func (c *content) runOf(i int) *run { return c.runs[i/c.geo.runPieces] }

// onDisk reports whether a piece can be read from disk.
func (c *content) onDisk(i int) bool {
	r := c.runOf(i)
	return r != nil && r.has(i)
}

// held reports whether a piece is in any tier.
func (c *content) held(i int) bool { return c.pieces[i] != nil || c.onDisk(i) }

// count returns how many pieces are in any tier.
func (c *content) count() int {
	n := c.stored
	for i := range c.pieces {
		if !c.onDisk(i) {
			n++
		}
	}
	return n
}

// unproven reports whether a piece has to be verified before its next use.
func (c *content) unproven(i int) bool {
	return c.pieces[i] == nil && c.onDisk(i) && !c.runOf(i).is(i, placeProven)
}
