package gateway

import (
	"context"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// A Backend has the torrents: fetch.Session, or a fake of a test. It is safe
// for concurrent use.
type Backend interface {
	// Info returns the metadata of a torrent, from memory if it is held. It
	// waits for the swarm until ctx ends: *fetch.UnavailableError when its
	// deadline passes. *metainfo.InvalidError means the torrent is refused.
	Info(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints) (*metainfo.Info, error)
	// Known returns the metadata of a torrent if it is here. It begins nothing and
	// asks nobody.
	Known(hash metainfo.InfoHash) (*metainfo.Info, bool)
	// Cached says how much is here of n > 0 bytes of a file from off. It begins
	// nothing. Only the file's place in the torrent counts.
	Cached(hash metainfo.InfoHash, file *metainfo.File, off, n int64) fetch.Held
	// Open asks for n > 0 bytes of a file from off. It waits for nothing but a torrent
	// that is being begun or ended, until ctx ends.
	Open(ctx context.Context, hash metainfo.InfoHash, hints fetch.Hints, file *metainfo.File, off, n int64) (fetch.Content, error)
	// OpenHeld is Open for what is all here, of the file with an index: the first bytes need no Wait. It
	// waits for nothing and begins nothing, and reports false for anything else.
	OpenHeld(hash metainfo.InfoHash, hints fetch.Hints, file int, off, n int64) (fetch.Content, bool)
	// Add takes a parsed .torrent. It waits for what Open waits for.
	Add(ctx context.Context, torrent *metainfo.Torrent) (metainfo.InfoHash, error)
	// Remove forgets a torrent and what is cached of it; fetch.ErrUnknown. It waits for its end, until ctx ends: it is
	// removed all the same.
	Remove(ctx context.Context, hash metainfo.InfoHash) error
	// SetSuperSeed has a torrent super-seeded, or no longer; fetch.ErrUnknown.
	SetSuperSeed(hash metainfo.InfoHash, on bool) error
	// List has all torrents, in a stable order.
	List() []fetch.Status
	// Status has one.
	Status(hash metainfo.InfoHash) (fetch.Status, bool)
	// SetUploadPolicy lets change set the upload policy of a torrent: its error,
	// fetch.ErrUnknown, or fetch.ErrBusy when there are too many.
	SetUploadPolicy(hash metainfo.InfoHash, change func(*fetch.UploadPolicy) error) (fetch.UploadPolicy, error)
	// Sweep has what is denied deleted from the object store, if there is one. It does not
	// wait, and asks denied from another goroutine.
	Sweep(denied func(hash metainfo.InfoHash) bool)
	// StopUploads stops uploads of all torrents, or lets them begin again.
	StopUploads(stop bool)
	// UploadsStopped is what StopUploads was last told.
	UploadsStopped() bool
}

var _ Backend = (*fetch.Session)(nil)
