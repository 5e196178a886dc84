package object

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/minio/minio-go/v7"

	"github.com/btgw/btgw/metainfo"
)

// A Piece is a verified piece that can be read until Release.
type Piece interface {
	io.ReaderAt
	Release()
}

// A Write is a run that is to be written.
type Write struct {
	Info *metainfo.Info
	Run  int
	// Open gives a piece of it. Where it fails the run is not written.
	Open func(piece int) (Piece, error)
	// Done is called at the end, with what came of it.
	Done func(error)
}

// Keep has the run written that get returns when it is its turn; nil is nothing. False means that
// too much waits. What waits is forgotten when the Store is closed.
func (s *Store) Keep(get func() *Write) bool {
	return s.later(func(ctx context.Context) error {
		w := get()
		if w == nil {
			return nil
		}
		err := s.putRun(ctx, w)
		w.Done(err)
		return err
	})
}

// KeepMetainfo is Keep for the metainfo that get returns, which is written without trackers and
// the like. A private torrent's is not written. done is called at the end, unless there is no
// metainfo.
func (s *Store) KeepMetainfo(get func() (mt *metainfo.Torrent, done func(error))) bool {
	return s.later(func(ctx context.Context) error {
		mt, done := get()
		if mt == nil {
			return nil
		}
		err := s.putMetainfo(ctx, mt)
		done(err)
		return err
	})
}

// later queues a write.
func (s *Store) later(write func(context.Context) error) bool {
	if s.ctx.Err() != nil {
		return false
	}
	select {
	case s.queue <- write:
		return true
	default:
		s.count.dropped.Add(1)
		return false
	}
}

// write does what is queued, until the Store is closed.
func (s *Store) write() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case write := <-s.queue:
			if s.Await(s.ctx) != nil {
				return
			}
			s.writes.RLock()
			err := write(s.ctx)
			s.writes.RUnlock()
			if errors.Is(err, errRefused) {
				s.sleep(maxRest)
			}
		}
	}
}

// putRun writes a run of pieces.
func (s *Store) putRun(ctx context.Context, w *Write) error {
	l := NewLayout(w.Info)
	first, last := l.Pieces(w.Run)
	pieces := &runReader{info: w.Info, next: first}
	for i := first; i <= last; i++ {
		p, err := w.Open(i)
		if err != nil {
			return errors.Join(err, pieces.release())
		}
		pieces.open = append(pieces.open, p)
	}
	err := s.put(ctx, s.keyOf(w.Info.ID(), l.name(w.Run)), pieces, l.Size(w.Run))
	if lost := pieces.release(); lost != nil {
		return lost
	}
	return s.wrote(err)
}

// putMetainfo writes a torrent's metainfo under each of its infohashes.
func (s *Store) putMetainfo(ctx context.Context, mt *metainfo.Torrent) error {
	if mt.Info.Private {
		return nil
	}
	raw := (&metainfo.Torrent{Info: mt.Info, Layers: mt.Layers}).Encode()
	for _, ih := range mt.Info.Hashes() {
		if err := s.wrote(s.put(ctx, s.keyOf(ih, metainfoName), bytes.NewReader(raw), int64(len(raw)))); err != nil {
			return err
		}
	}
	return nil
}

// put writes one object.
func (s *Store) put(ctx context.Context, key string, from io.Reader, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	s.count.puts.Add(1)
	_, err := s.s3.PutObject(ctx, s.at.Bucket, key, from, n, "", "", minio.PutObjectOptions{
		DisableContentSha256: true, // who reads it verifies it
		ContentType:          "application/octet-stream",
	})
	if err == nil {
		s.count.writtenBytes.Add(n)
	}
	return err
}

// errRefused means that the store takes no writes, but may be read.
var errRefused = errors.New("object: the store takes no writes")

// wrote judges a write. One that is refused says nothing of reading: the writers alone wait.
func (s *Store) wrote(err error) error {
	if status := minio.ToErrorResponse(err).StatusCode; err == nil || status < 400 || status >= 500 || status == tooMany || s.ctx.Err() != nil {
		return s.judge(s.ctx, err)
	}
	s.count.errors.Add(1)
	s.log.Warn("the object store takes no writes", slog.Any("store", s.at), slog.Any("error", err))
	return fmt.Errorf("%w: %w", errRefused, err)
}

// tooMany is the status by which a server asks to be left alone for a while.
const tooMany = 429

// A runReader reads pieces one behind the other. The transport may read from it for a moment
// after its request has ended, when the pieces are released.
type runReader struct {
	info *metainfo.Info

	mu   sync.Mutex
	open []Piece // those that are not released
	next int     // the piece that is read
	off  int64   // within it
	err  error   // why a piece could not be read
}

// Read implements io.Reader.
func (r *runReader) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.open) == 0 {
		return 0, io.EOF
	}
	size := int64(r.info.PieceSize(r.next))
	n, err := r.open[0].ReadAt(p[:min(int64(len(p)), size-r.off)], r.off)
	r.off += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
		return n, err
	}
	if r.off == size {
		r.open[0].Release()
		r.open, r.next, r.off = r.open[1:], r.next+1, 0
	} else if n == 0 {
		r.err = io.ErrUnexpectedEOF
		return 0, r.err
	}
	return n, nil
}

// release lets go what is left, and returns why a piece could not be read.
func (r *runReader) release() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.open {
		p.Release()
	}
	r.open = nil
	return r.err
}
