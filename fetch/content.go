package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"github.com/btgw/btgw/metainfo"
)

// MaxWrite is the most that one WriteNext writes, in bytes: callers set a
// write deadline before each.
const MaxWrite = 1 << 20

// Content is a range of one file, read forward once. It has demand from Open
// to Close, for as far ahead as its reader's pace asks. Its methods are for one
// goroutine at a time; Close may come from another.
type Content interface {
	// Wait returns nil when the next bytes are verified and held, io.EOF after
	// the last, *UnavailableError when ctx passes its deadline first, and ctx's
	// error when it is cancelled.
	Wait(ctx context.Context) error
	// WriteNext writes to w what Wait made ready, at most MaxWrite bytes, and
	// returns how many w accepted.
	WriteNext(w io.Writer) (int64, error)
	// Lone is how much of the first wait had passed before a peer was there to be
	// asked for the piece.
	Lone() time.Duration
	// Close frees the demand and every piece that is held. It may be called
	// more than once.
	Close()
}

// Hints say where a swarm may be found. They never change the bytes.
type Hints struct {
	Trackers []string // announce URLs: http, https, udp
	Peers    []string // host:port
	WebSeeds []string // URLs (BEP 19)
	Torrents []string // URLs of the .torrent, which has to have the infohash (fetch/sources.go)
	Name     string   // display name, used until the metadata is known
	// Twin is the other infohash of a hybrid torrent, by which it is looked for too
	// (fetch/twin.go). Zero: none is known.
	Twin metainfo.InfoHash
	// Client is the address or network that asks, against which what the torrent
	// spends is counted; zero: this process itself.
	Client netip.Prefix
	// Start says that the torrent's first bytes are wanted as soon as its metadata
	// is known: they are asked for together with that.
	Start bool
	// FailFast makes Info and the first Wait of a Content fail fast. They end with
	// *UnavailableError when there is no peer left to ask, or when no connected peer
	// has the piece or sends it.
	FailFast bool
}

// Stage is how far a request had come when its time was over.
type Stage int

// The stages of a request, in order.
const (
	StageMetadata Stage = iota // the info dictionary was not found
	StagePeers                 // no peer is connected that has the piece and lets us download
	StagePiece                 // peers have it, but it did not come in time
	StageHashes                // peers have it, but nobody sent the hashes of a v2 torrent's pieces
)

// String names the stage as pages and problem documents do.
func (s Stage) String() string {
	switch s {
	case StageMetadata:
		return "metadata"
	case StagePeers:
		return "peers"
	case StageHashes:
		return "hashes"
	default:
		return "piece"
	}
}

// UnavailableError says that bytes could not be had in time, and what was
// tried. The search goes on for a while after it.
type UnavailableError struct {
	Stage  Stage
	Status Status
	// Holders is how many connected peers have the piece that is missing, whether
	// or not they let us download; from StagePeers on.
	Holders int
	// Exhausted is set when nobody has the piece, and the few pieces that a peer tells
	// of are here already. The peer may super-seed, and wait until others have those.
	Exhausted bool
	// Bad is set when peers sent data and none of it ever verified.
	Bad bool
	// NoSources is set when the wait ended before its deadline, since there was nothing
	// to wait for.
	NoSources bool
	// Progress is how far the awaited piece had come.
	Progress Progress
}

// Progress is how far the piece or the metadata that is waited for has come.
type Progress struct {
	// Torrent is set when Have and Size are of all of the torrent: nobody has the piece,
	// and the pieces that peers offer in its place come in (fetch/offers.go).
	Torrent    bool
	Have, Size int64 // bytes; Size is 0 where it is not known
	// Ahead is the number of bytes that come before it, since other readers of the torrent
	// wait for them longer. It is set where it says more of the rest than the few bytes of
	// the piece that came meanwhile. Gained is of all the torrent then.
	Ahead  int64
	Gained int64         // bytes of Have that came during the wait
	Wait   time.Duration // how long that was
}

// Rest is how long the rest takes at the rate of the wait; false if nothing came.
func (p Progress) Rest() (time.Duration, bool) {
	if p.Gained <= 0 || p.Wait <= 0 {
		return 0, false
	}
	return time.Duration(float64(p.Wait) * float64(p.Left()) / float64(p.Gained)), true
}

// Left is how many bytes come until what is waited for is there.
func (p Progress) Left() int64 { return p.Size - p.Have + p.Ahead }

// Error names the stage and the counts.
func (e *UnavailableError) Error() string {
	s := e.Status.Swarm
	if e.Bad {
		return fmt.Sprintf("peers sent only data that failed verification (%d pieces)", e.Status.HashFailures)
	}
	return fmt.Sprintf("%s not available in time: trackers asked %d, failed %d; peers known %d, connected %d, unchoked %d, having the piece %d",
		e.Stage, s.TrackersAsked, s.TrackersFailed, s.Known, s.Connected, e.Status.Unchoked, e.Holders)
}

var (
	// ErrClosed is returned by everything after the session's or the torrent's end.
	ErrClosed = errors.New("fetch: closed")
	// ErrBusy is returned when the session holds as many torrents as it may, in number or
	// in bytes, or as many readers.
	ErrBusy = errors.New("fetch: too many torrents in use")
	// ErrUnknown is returned for a torrent that the session does not hold.
	ErrUnknown = errors.New("fetch: torrent not known")
	// ErrPrivate is returned for a private torrent that was asked for by its
	// infohash: only an uploaded .torrent names its trackers (BEP 27).
	ErrPrivate = errors.New("fetch: a private torrent has to be uploaded as a .torrent")
	// ErrNoLayers is returned for a v2 torrent whose pieces cannot be verified: none of
	// the peers sends their hashes. An uploaded .torrent has them.
	ErrNoLayers = errors.New("fetch: no peer sends the piece hashes of this v2 torrent: it has to be uploaded as a .torrent")
)
