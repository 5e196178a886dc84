package object

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/minio/minio-go/v7"

	"github.com/btgw/btgw/metainfo"
)

// Wrong says that a run's object has not the bytes that it should have. It is deleted, so that
// nobody reads it again. ctx bounds that.
func (s *Store) Wrong(ctx context.Context, info *metainfo.Info, run int) error {
	s.count.wrong.Add(1)
	return s.ask(ctx, askTime, func(ctx context.Context) error {
		s.count.deletes.Add(1)
		return s.s3.RemoveObject(ctx, s.at.Bucket, s.keyOf(info.ID(), NewLayout(info).name(run)), minio.RemoveObjectOptions{})
	})
}

// Purge deletes all that the store has of a torrent, by either infohash of a hybrid, and returns
// how many objects those were. Writes that had begun have ended before.
func (s *Store) Purge(ctx context.Context, ih metainfo.InfoHash) (n int, err error) {
	s.settle()
	hashes := []metainfo.InfoHash{ih}
	switch mt, err := s.Metainfo(ctx, ih, nil); {
	case err == nil:
		hashes = mt.Info.Hashes()
	case !errors.Is(err, ErrMissing):
		return 0, err
	}
	for _, ih := range hashes {
		deleted, err := s.purge(ctx, s.keyOf(ih, ""))
		if n += deleted; err != nil {
			return n, err
		}
	}
	return n, nil
}

// settle waits for the writes that are under way.
func (s *Store) settle() {
	s.writes.Lock()
	defer s.writes.Unlock()
}

// purge deletes what begins with prefix, some at a time.
func (s *Store) purge(ctx context.Context, prefix string) (n int, err error) {
	for {
		var some []minio.ObjectInfo
		err := s.list(ctx, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}, maxDeleted, func(o minio.ObjectInfo) {
			some = append(some, minio.ObjectInfo{Key: o.Key})
		})
		if err != nil || len(some) == 0 {
			return n, err
		}
		if err := s.delete(ctx, some); err != nil {
			return n, err
		}
		n += len(some)
	}
}

// delete deletes objects by one request.
func (s *Store) delete(ctx context.Context, some []minio.ObjectInfo) error {
	return s.ask(ctx, askTime, func(ctx context.Context) (err error) {
		s.count.deletes.Add(1)
		which := make(chan minio.ObjectInfo, len(some))
		for _, o := range some {
			which <- o
		}
		close(which)
		for failed := range s.s3.RemoveObjects(ctx, s.at.Bucket, which, minio.RemoveObjectsOptions{}) {
			err = fmt.Errorf("deleting %s: %w", failed.ObjectName, failed.Err)
		}
		return errors.Join(err, ctx.Err())
	})
}

// Sweep looks through the names of all torrents in the bucket, and purges those that are denied.
// It returns how many those were.
func (s *Store) Sweep(ctx context.Context, denied func(metainfo.InfoHash) bool) (n int, err error) {
	var gone []metainfo.InfoHash
	all := s.key("")
	err = s.list(ctx, minio.ListObjectsOptions{Prefix: all}, maxSwept, func(o minio.ObjectInfo) {
		var ih metainfo.InfoHash
		if ih.UnmarshalText([]byte(strings.Trim(strings.TrimPrefix(o.Key, all), "/"))) == nil && denied(ih) {
			gone = append(gone, ih)
		}
	})
	for _, ih := range gone {
		if _, err := s.Purge(ctx, ih); err != nil {
			return n, err
		}
		n++
	}
	return n, err
}
