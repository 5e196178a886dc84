package fetch

import (
	"path"
	"strings"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// A film is of use as it comes; a disk image, an archive or a program when all of
// it is there. Who reads such a file is patient in a crowd: but for its first bytes
// what it reads is wanted in the order of rarity from where it is to the end of its
// window, which is long, so that all who fetch it have something to give to each
// other, and have it sooner. It waits for one piece no longer than its patience, then
// that is urgent.

const (
	// bulkPatience is the least wait of a patient reader for a piece, and twice that
	// the most: far below what clients and proxies wait for the next byte. Readers in
	// a crowd are at the same place, so that each waits for a time of its own: the
	// first has the piece from a seed, and the others from that one.
	bulkPatience = 5 * time.Second
	// bulkWindow bounds what is wanted ahead of a patient reader, in bytes, and so
	// what is fetched in vain if it goes; bulkShare is the part, as a divisor, of the
	// disk that all of them have together.
	bulkWindow = 256 << 20
	bulkShare  = 4
	// crowdDepth is the least queue of a peer, in blocks, where all are patient.
	crowdDepth = 4
)

// whenever is the deadline of what a patient reader wants: before what nobody waits
// for, and behind all others.
const whenever = someday - 1

// patient reports whether the reader can do with its bytes in any order.
func (c *core) patient(w *window) bool { return w.bulk && c.inCrowd }

// patience is how long a patient reader waits for the piece that it is at.
func (c *core) patience(w *window) time.Duration {
	if !c.patient(w) {
		return maxBehind
	}
	return bulkPatience + time.Duration(c.lot(int(w.pos/c.info.PieceLength))%uint64(bulkPatience))
}

// bulkReach is how far ahead of a patient reader pieces are wanted: as many as are
// put in order, as far as the disk has room for what comes out of it, or the memory
// if there is none.
func (c *core) bulkReach() int64 {
	return min(bulkWindow, maxFar*c.info.PieceLength, max(c.share(), c.disk/bulkShare/int64(max(1, c.sharers))))
}

// spared reports whether a seed is not asked for what a reader waits for that lost its
// patience: one that fetches it too has the piece already.
func (c *core) spared(now time.Duration, l *link, w *window, piece int) bool {
	if !w.hurried || !c.full(l) {
		return false
	}
	for _, o := range c.links {
		if !c.full(o) && o.late == 0 && o.holds(now, piece) {
			return true
		}
	}
	return false
}

// sparedFor is spared for all who wait for a piece, and false if nobody does.
func (c *core) sparedFor(now time.Duration, l *link, piece int) bool {
	yes := false
	for _, w := range c.stalled {
		if int(w.pos/c.info.PieceLength) != piece {
			continue
		}
		if !c.spared(now, l, w, piece) {
			return false
		}
		yes = true
	}
	return yes
}

// leisure is how deep a peer's queue may be, which is to be depth at least: where all
// readers fetch whole files in a crowd none of them will seek, and what is in a queue
// waits for nobody.
func (c *core) leisure(l *link, depth int) int {
	if !c.inCrowd || l.late > 0 {
		return depth
	}
	for _, w := range c.windows {
		if !w.bulk {
			return depth
		}
	}
	return max(depth, min(crowdDepth, l.most()))
}

// hurry makes the pieces urgent that patient readers have waited for long enough.
func (c *core) hurry(now time.Duration) {
	for _, w := range c.windows {
		if w.waiting && w.patient && now >= w.since+c.patience(w) {
			w.patient, w.hurried = false, c.patient(w)
			c.queueUp(w)
			c.urge(now, w)
		}
	}
}

// media are the files that are played while they come, by extension.
var media = map[string]bool{
	".3gp": true, ".aac": true, ".ac3": true, ".aif": true, ".aiff": true, ".ape": true, ".asf": true, ".avi": true, ".dts": true,
	".flac": true, ".flv": true, ".m2ts": true, ".m4a": true, ".m4b": true, ".m4v": true, ".mka": true, ".mkv": true, ".mov": true,
	".mp3": true, ".mp4": true, ".mpeg": true, ".mpg": true, ".mts": true, ".oga": true, ".ogg": true, ".ogv": true, ".opus": true,
	".rm": true, ".rmvb": true, ".ts": true, ".vob": true, ".wav": true, ".webm": true, ".wma": true, ".wmv": true, ".wv": true,
}

// played reports whether a file is of use as it comes.
func played(info *metainfo.Info, f *metainfo.File) bool {
	return media[strings.ToLower(path.Ext(info.FileName(f)))]
}
