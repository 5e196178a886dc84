package object

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/btgw/btgw/metainfo"
)

// metainfoName is what the metainfo of a torrent is called beside its runs.
const metainfoName = "metainfo"

// version begins the name of each object, behind the prefix.
const version = "v1"

// key is the name of an object from its path below the version.
func (s *Store) key(path string) string {
	if s.at.Prefix == "" {
		return version + "/" + path
	}
	return s.at.Prefix + "/" + version + "/" + path
}

func (s *Store) keyOf(ih metainfo.InfoHash, name string) string {
	return s.key(ih.String() + "/" + name)
}

// Runs returns which runs of a torrent the store has, by one list. An object of another length
// than its run counts as absent.
func (s *Store) Runs(ctx context.Context, info *metainfo.Info) (metainfo.Bitfield, error) {
	l := NewLayout(info)
	has := metainfo.NewBitfield(l.Runs())
	prefix := s.keyOf(info.ID(), "")
	err := s.list(ctx, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}, maxListed, func(o minio.ObjectInfo) {
		if run, ok := l.run(strings.TrimPrefix(o.Key, prefix), o.Size); ok {
			has.Set(run)
		}
	})
	return has, err
}

// list calls do with what a list has, at most so many entries.
func (s *Store) list(ctx context.Context, opts minio.ListObjectsOptions, most int, do func(minio.ObjectInfo)) error {
	return s.ask(ctx, listTime, func(ctx context.Context) error {
		s.count.lists.Add(1)
		n := 0
		for o := range s.s3.ListObjectsIter(ctx, s.at.Bucket, opts) {
			if o.Err != nil {
				return o.Err
			}
			do(o)
			if n++; n == most {
				return nil
			}
		}
		return ctx.Err()
	})
}

// Read returns n bytes of a run's object, from off on. The caller verifies and closes them. A
// failure while they are read is an error of Read, and the store rests. ctx bounds all of it.
// The error is ErrMissing where there is no such object, or a shorter one.
func (s *Store) Read(ctx context.Context, info *metainfo.Info, run int, off, n int64) (io.ReadCloser, error) {
	if s.ctx.Err() != nil {
		return nil, ErrClosed
	}
	var opts minio.GetObjectOptions
	if err := opts.SetRange(off, off+n-1); err != nil {
		return nil, err
	}
	s.count.gets.Add(1)
	b := &body{s: s, ctx: ctx, left: n}
	within, end := context.WithCancelCause(ctx)
	b.end, b.within = end, within
	b.stall = time.AfterFunc(stallTime, func() { end(errStalled) })
	rc, o, _, err := s.s3.GetObject(within, s.at.Bucket, s.keyOf(info.ID(), NewLayout(info).name(run)), opts)
	if err == nil && o.Size != n {
		_ = rc.Close()
		if err = ErrMissing; o.Size > n {
			err = fmt.Errorf("object: %d bytes were asked for, %d are the answer", n, o.Size)
		}
	}
	if err != nil {
		if err = b.judge(err); errors.Is(err, ErrMissing) {
			s.count.missing.Add(1)
		}
		b.over()
		return nil, err
	}
	b.rc = rc
	return b, nil
}

// errStalled means that the store sent nothing for too long.
var errStalled = errors.New("object: the store fell silent")

// A body is bytes of an object on their way.
type body struct {
	s      *Store
	ctx    context.Context // the caller's
	within context.Context // ends with that, or when the store falls silent
	end    context.CancelCauseFunc
	stall  *time.Timer
	rc     io.ReadCloser
	left   int64
}

// Read counts what comes, and judges what fails.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.rc.Read(p)
	b.left -= int64(n)
	b.s.count.readBytes.Add(int64(n))
	switch {
	case err == nil:
		b.stall.Reset(stallTime)
	case !errors.Is(err, io.EOF):
		err = b.judge(err)
	case b.left > 0:
		err = b.judge(io.ErrUnexpectedEOF)
	default:
		b.s.rest.succeeded()
	}
	return n, err
}

// judge is that of the store, which may have fallen silent.
func (b *body) judge(err error) error {
	if cause := context.Cause(b.within); errors.Is(cause, errStalled) {
		err = cause
	}
	return b.s.judge(b.ctx, err)
}

// over frees what waits for it.
func (b *body) over() {
	b.stall.Stop()
	b.end(nil)
}

// Close ends it. What was not read ends the connection.
func (b *body) Close() error {
	b.over()
	return b.rc.Close()
}

// Metainfo returns the metainfo that the store has under an infohash, v1 or v2: the Info has that
// infohash, and the layers are proved by it. turn, if not nil, is called before so many bytes are
// parsed, and what it returns afterwards. The error is turn's, or ErrMissing where there is no
// metainfo that is right.
func (s *Store) Metainfo(ctx context.Context, ih metainfo.InfoHash, turn func(size int64) (parsed func(), err error)) (*metainfo.Torrent, error) {
	raw, err := s.small(ctx, s.keyOf(ih, metainfoName), maxMetainfo)
	if err != nil {
		return nil, err
	}
	parsed := func() {}
	if turn != nil {
		if parsed, err = turn(int64(len(raw))); err != nil {
			return nil, err
		}
	}
	mt, err := metainfo.ReadTorrent(raw, maxMetainfo)
	parsed()
	if err != nil || !slices.Contains(mt.Info.Hashes(), ih) {
		s.count.wrong.Add(1)
		return nil, fmt.Errorf("%w: the metainfo there is wrong", ErrMissing)
	}
	return &metainfo.Torrent{Info: mt.Info, Layers: mt.Layers}, nil
}

// small returns a whole object; one of more than most bytes counts as absent.
func (s *Store) small(ctx context.Context, key string, most int64) (raw []byte, err error) {
	err = s.ask(ctx, askTime, func(ctx context.Context) error {
		s.count.gets.Add(1)
		rc, o, _, err := s.s3.GetObject(ctx, s.at.Bucket, key, minio.GetObjectOptions{})
		if err != nil {
			return err
		}
		defer rc.Close()
		if o.Size > most {
			return ErrMissing
		}
		raw, err = io.ReadAll(io.LimitReader(rc, most))
		s.count.readBytes.Add(int64(len(raw)))
		return err
	})
	return raw, err
}
