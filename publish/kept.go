package publish

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/btgw/btgw/internal/atomicfile"
	"github.com/btgw/btgw/metainfo"
)

const (
	// sampleBytes is how much of the content is hashed, at most about, before a torrent of
	// an earlier run is believed.
	sampleBytes = 32 << 20
	// samplePieces is how many pieces of it are, at most.
	samplePieces = 16

	keptSuffix = ".published"
)

// errOtherFiles is a kept torrent of files that are not what they were.
var errOtherFiles = errors.New("publish: the files are not what they were")

// torrent makes the torrent of a path, or takes that of an earlier run.
func (p *Publisher) torrent(ctx context.Context, path string) (*metainfo.Torrent, error) {
	options := p.cfg.Make
	options.Root = path
	before, err := metainfo.Fingerprint(ctx, options)
	if err != nil {
		return nil, err
	}
	t, err := p.recall(path, before)
	if err == nil {
		return t, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		p.log.Info("hashing anew", "path", path, "reason", err)
	}
	if p.cfg.Progress != nil {
		options.Progress = func(done, total int64) { p.cfg.Progress(path, done, total) }
	}
	if t, err = metainfo.Make(ctx, options); err != nil {
		return nil, err
	}
	after, err := metainfo.Fingerprint(ctx, options)
	if err != nil {
		return nil, err
	}
	if after != before {
		return nil, fmt.Errorf("%s: changed while it was hashed", path)
	}
	if err := p.keep(path, after, t); err != nil {
		p.log.Warn("the torrent is not kept for the next run", "path", path, "err", err)
	}
	return t, nil
}

// file returns the file in which the torrent of a path is kept; "" without a folder.
func (p *Publisher) file(path string) string {
	if p.cfg.Dir == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(p.cfg.Dir, hex.EncodeToString(sum[:16])+keptSuffix)
}

// keep keeps a torrent, behind the fingerprint of its files.
func (p *Publisher) keep(path string, fingerprint [32]byte, t *metainfo.Torrent) error {
	name := p.file(path)
	if name == "" {
		return nil
	}
	if err := os.MkdirAll(p.cfg.Dir, 0o700); err != nil {
		return err
	}
	return atomicfile.WritePath(name, append(fingerprint[:], t.Encode()...), 0o600)
}

// recall takes the torrent of an earlier run, if the files are what they were.
func (p *Publisher) recall(path string, fingerprint [32]byte) (*metainfo.Torrent, error) {
	name := p.file(path)
	if name == "" {
		return nil, fs.ErrNotExist
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if len(b) < len(fingerprint) || [32]byte(b[:32]) != fingerprint {
		return nil, errOtherFiles
	}
	t, err := metainfo.ParseTorrent(b[32:])
	if err != nil {
		return nil, err
	}
	// What is no part of the infohash is as it is asked for now.
	o := p.cfg.Make
	t.Trackers, t.WebSeeds, t.Comment, t.CreatedBy = o.Trackers, o.WebSeeds, o.Comment, o.CreatedBy
	return t, sample(t, path, nil)
}

// forget removes what is kept of a path.
func (p *Publisher) forget(path string) {
	if name := p.file(path); name != "" {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.log.Warn("what was kept of a publication stays", "path", path, "err", err)
		}
	}
}

// sample hashes a few pieces. names is where the files are, nil for below path.
func sample(t *metainfo.Torrent, path string, names func(file int) string) error {
	o := newOrigin(t.Info, path, names, func(int, error) {})
	n := t.Info.NumPieces()
	for range min(samplePieces, n, max(1, int(sampleBytes/t.Info.PieceLength))) {
		piece := rand.IntN(n)
		b := make([]byte, t.Info.PieceSize(piece))
		if _, err := o.ReadAt(piece, b, 0); err != nil {
			return err
		}
		if ok, known := t.Info.VerifyPiece(piece, b, t.Layers); !ok || !known {
			return fmt.Errorf("piece %d: %w", piece, errOtherFiles)
		}
	}
	return nil
}
