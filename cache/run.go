package cache

import (
	"encoding/hex"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
)

// A run is a row of pieces of a torrent that share a file: 8 MiB of them, or one piece
// where that is larger. It is the unit of eviction. No byte of a file ever changes while
// somebody may send it: the file is only filled, and deleted whole. What a socket was
// given of it thus stays as it is, in the page cache too.
//
// All fields but c, index and guard are protected by Store.mu.
type run struct {
	c     *content
	index int32
	guard atomic.Pointer[guard] // nil: the file was not looked at

	places  []place
	held    int32 // pieces on disk
	leases  int32
	charged int64 // bytes of disk
	excess  int64 // of these, what no filled place accounts for

	older, newer *run   // in a list of Store.order
	asked        uint32 // when a use was last counted, in seconds of the Store's
	warmed       uint32 // one more than when pieces were warmed last; 0: never (warm.go)
	lives        uint8  // evictions that its uses save it from (order.go)
	spare        bool   // its list is order.spare
	main         bool   // its list is order.main
	linked       bool   // the file's name is known to be durable
	unseen       bool   // recovered, and its file was not looked at (audit.go)
	unsynced     bool   // it is in disk.unsynced
	cold         bool   // it is in warmer.queue
	dead         bool   // the file is gone, for good
}

// A place is what is known of one piece of a run: flags, and how often it was read.
type place uint16

const (
	placeFilled  place = 1 << iota // the file may have bytes there
	placeHeld                      // they are the piece
	placeProven                    // which was verified in this process, and nothing speaks against it
	placeWritten                   // since the syncer looked last
	placeSyncing                   // before that, and it is being synced
	placeClaimed                   // it is in the journal
	readsShift   = iota
	maxReads     = 1<<(16-readsShift) - 1
)

// readUnits is how many reads a piece counts that is read once as a whole.
const readUnits = 32

// pagedReads is how many reads a piece counts at most that goes out as pages: one more than warming
// counts, which is taken off again after a while.
const pagedReads = 2 * readUnits

// reads returns how much was read of a piece, in parts of readUnits.
func (p place) reads() int { return int(p >> readsShift) }

// newRun returns the run with this index, of which nothing is on disk.
func newRun(c *content, index int) *run {
	first := index * c.geo.runPieces
	return &run{c: c, index: int32(index), places: make([]place, min(c.geo.runPieces, c.geo.pieces-first))}
}

// first returns the run's first piece.
func (r *run) first() int { return int(r.index) * r.c.geo.runPieces }

// place returns the place of a piece.
func (r *run) place(i int) *place { return &r.places[i-r.first()] }

// is reports whether a flag is set for a piece.
func (r *run) is(i int, flag place) bool { return *r.place(i)&flag != 0 }

// has reports whether a piece can be read from the file.
func (r *run) has(i int) bool { return r.is(i, placeHeld) }

// full reports whether all pieces of the run are on disk.
func (r *run) full() bool { return int(r.held) == len(r.places) }

// hold notes that a piece was verified and written.
func (r *run) hold(i int) {
	p := r.place(i)
	if *p&placeHeld == 0 {
		r.held++
		r.c.stored++
	}
	*p = placeFilled | placeHeld | placeProven | placeWritten
}

// drop takes a piece off the run. Its bytes stay in the file.
func (r *run) drop(i int) {
	p := r.place(i)
	if *p&placeHeld != 0 {
		r.held--
		r.c.stored--
	}
	*p &= placeFilled
}

// read counts that bytes of a piece of some size were read.
func (r *run) read(i int, n, size int64) { r.count(i, n, size, maxReads) }

// page counts that bytes of a piece of some size went out as pages. The page cache has them, and
// nothing is gained by a copy in memory: that a piece is in demand is as much as they tell.
func (r *run) page(i int, n, size int64) { r.count(i, n, size, pagedReads) }

// count counts that bytes of a piece of some size were read, up to a number of reads.
func (r *run) count(i int, n, size int64, most int) {
	p := r.place(i)
	before := p.reads()
	if n <= 0 || *p&placeHeld == 0 || before >= most {
		return
	}
	reads := min(int64(before)+(n*readUnits+size-1)/size, int64(most))
	*p = *p&(1<<readsShift-1) | place(reads)<<readsShift
}

// doubt has all pieces verified again before they are used.
func (r *run) doubt() {
	for i := range r.places {
		r.places[i] &^= placeProven
	}
}

// indexed returns about how many bytes of memory the run takes.
func (r *run) indexed() int64 { return runCost + 2*int64(len(r.places)) }

// offset returns where a piece begins in the file, in bytes.
func (r *run) offset(i int) int64 { return int64(i-r.first()) * r.c.geo.pieceLen }

// length returns the most that the file can be long, in bytes.
func (r *run) length() int64 {
	return min(int64(len(r.places))*r.c.geo.pieceLen, r.c.geo.span-int64(r.first())*r.c.geo.pieceLen)
}

// watch returns the guard of the file.
func (r *run) watch() *guard {
	if g := r.guard.Load(); g != nil {
		return g
	}
	r.guard.CompareAndSwap(nil, new(guard))
	return r.guard.Load()
}

// name returns the name of the file.
func (r *run) name() string { return runName(r.c.geo.hash, int(r.index)) }

// runSuffix ends the names of data files. The infohash and the run's number stand before it.
const runSuffix = ".run"

func runName(hash string, index int) string {
	b := make([]byte, 0, 80)
	b = append(hex.AppendEncode(b, []byte(hash)), '-')
	return string(append(strconv.AppendInt(b, int64(index), 10), runSuffix...))
}

// parseRunName is the inverse of runName. ok is false for any other name.
func parseRunName(name string) (hash string, index int, ok bool) {
	name, ok = strings.CutSuffix(name, runSuffix)
	digits, number, dash := strings.Cut(name, "-")
	if !ok || !dash || len(digits) != 40 && len(digits) != 64 {
		return "", 0, false
	}
	b, err := hex.DecodeString(digits)
	n, nerr := strconv.ParseUint(number, 10, 31)
	if err != nil || nerr != nil || runName(string(b), int(n)) != name+runSuffix {
		return "", 0, false
	}
	return string(b), int(n), true
}

// olderName matches the names of data files that earlier releases left.
var olderName = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})\.data$`)

// cost returns the most bytes of disk that a piece takes: whole blocks, of which it may
// share the one at each end with a neighbour.
func (c *content) cost(i, size int) int64 {
	block := blockLen()
	off := int64(i%c.geo.runPieces) * c.geo.pieceLen
	return roundUp(off+int64(size), block) - roundDown(off, block)
}

// blockLen returns the unit in which file systems give room, in bytes.
func blockLen() int64 { return max(4096, int64(os.Getpagesize())) }

func roundUp(n, unit int64) int64   { return (n + unit - 1) / unit * unit }
func roundDown(n, unit int64) int64 { return n / unit * unit }
