package gateway

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/metainfo"
)

// cachePath is what the cache has, and below it each torrent of it.
const cachePath = "/api/v1/cache"

// Cache is what an operator does with the cache by hand; a *fetch.Session has it. It is safe for concurrent use.
type Cache interface {
	CacheStats() cache.Stats
	ObjectStats() (object.Stats, bool)
	CachedTorrents() []fetch.CachedTorrent
	CachedTorrent(hash metainfo.InfoHash) (fetch.CachedTorrent, bool)
	Pin(hash metainfo.InfoHash, on bool) error
	Evict(ctx context.Context, hash metainfo.InfoHash) error
	Purge(ctx context.Context, hash metainfo.InfoHash) error
	EvictAll(ctx context.Context) (torrents int, err error)
	VerifyCached(ctx context.Context, hash metainfo.InfoHash) (fetch.Checked, error)
}

var _ Cache = (*fetch.Session)(nil)

// cacheReport is the answer to GET /api/v1/cache. Sizes are in bytes; counts are since the start.
type cacheReport struct {
	Torrents       int   `json:"torrents"`
	Pieces         int   `json:"pieces"`
	DiskBytes      int64 `json:"disk_bytes"`
	DiskLimit      int64 `json:"disk_limit"` // 0: there is no disk
	MemoryBytes    int64 `json:"memory_bytes"`
	PinnedTorrents int   `json:"pinned_torrents"`
	PinnedBytes    int64 `json:"pinned_bytes"`
	MemoryHits     int64 `json:"memory_hits"`
	DiskHits       int64 `json:"disk_hits"`
	Misses         int64 `json:"misses"`
	Evictions      int64 `json:"evictions"`
	WrittenBytes   int64 `json:"written_bytes"`
	VerifyFailures int64 `json:"verify_failures"`
	Degraded       bool  `json:"degraded"` // the last write failed
	// ObjectStore is what the object store has done, where there is one.
	ObjectStore *object.Stats `json:"object_store,omitempty"`
}

func (a *Admin) cacheRoutes(guarded *gin.RouterGroup) {
	const one = cachePath + "/torrents/:infohash"
	get(guarded, cachePath, a.cacheStats)
	guarded.DELETE(cachePath, a.bounded, a.purge)
	get(guarded, cachePath+"/torrents", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"torrents": a.cfg.Cache.CachedTorrents()})
	})
	get(guarded, one, a.cached)
	guarded.DELETE(one, a.quietly(func(c *gin.Context, hash metainfo.InfoHash) error {
		if c.Query("purge") == "true" {
			return a.cfg.Cache.Purge(c.Request.Context(), hash)
		}
		return a.cfg.Cache.Evict(c.Request.Context(), hash)
	}))
	guarded.PUT(one+"/pin", a.quietly(func(_ *gin.Context, hash metainfo.InfoHash) error { return a.cfg.Cache.Pin(hash, true) }))
	guarded.DELETE(one+"/pin", a.quietly(func(_ *gin.Context, hash metainfo.InfoHash) error { return a.cfg.Cache.Pin(hash, false) }))
	guarded.POST(one+"/verify", a.bounded, a.verify)
	guarded.POST(one+"/prefetch", a.prefetch)
	guarded.DELETE(one+"/prefetch", a.endPrefetch)
	get(guarded, cachePath+"/prefetches", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"prefetches": a.prefetches.list()})
	})
}

// cacheStats answers with what the cache has and did.
func (a *Admin) cacheStats(c *gin.Context) {
	s := a.cfg.Cache.CacheStats()
	report := cacheReport{
		Torrents: s.Torrents, Pieces: s.Pieces, DiskBytes: s.DiskBytes, DiskLimit: s.DiskLimit,
		MemoryBytes: s.MemoryBytes + s.RecentBytes + s.PendingBytes, PinnedTorrents: s.PinnedTorrents, PinnedBytes: s.PinnedBytes,
		MemoryHits: s.MemoryHits, DiskHits: s.DiskHits, Misses: s.Misses, Evictions: s.Evictions,
		WrittenBytes: s.WrittenBytes, VerifyFailures: s.VerifyFailures, Degraded: s.Degraded,
	}
	if objects, ok := a.cfg.Cache.ObjectStats(); ok {
		report.ObjectStore = &objects
	}
	c.JSON(http.StatusOK, report)
}

// purge evicts all that is not pinned.
func (a *Admin) purge(c *gin.Context) {
	n, err := a.cfg.Cache.EvictAll(c.Request.Context())
	if err != nil {
		a.failCache(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"evicted": n})
}

// cached answers with what the cache has of one torrent.
func (a *Admin) cached(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	t, ok := a.cfg.Cache.CachedTorrent(hash)
	if !ok {
		a.failCache(c, fetch.ErrUnknown)
		return
	}
	c.JSON(http.StatusOK, t)
}

// verify answers when all that the cache has of a torrent was verified. It ends with its client.
func (a *Admin) verify(c *gin.Context) {
	hash, ok := a.hash(c)
	if !ok {
		return
	}
	done, err := a.cfg.Cache.VerifyCached(c.Request.Context(), hash)
	if err != nil {
		a.failCache(c, err)
		return
	}
	c.JSON(http.StatusOK, done)
}

// bounded lets maxCacheWork requests at a time through: each may go over all of the disk.
func (a *Admin) bounded(c *gin.Context) {
	select {
	case a.cacheWork <- struct{}{}:
		defer func() { <-a.cacheWork }()
		c.Next()
	default:
		a.fail(c, fetch.ErrBusy)
		c.Abort()
	}
}

// quietly is a handler that has nothing to say of what it did.
func (a *Admin) quietly(do func(*gin.Context, metainfo.InfoHash) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		hash, ok := a.hash(c)
		if !ok {
			return
		}
		if err := do(c, hash); err != nil {
			a.failCache(c, err)
			return
		}
		c.Status(http.StatusNoContent)
	}
}

// failCache answers with what went wrong.
func (a *Admin) failCache(c *gin.Context, err error) {
	p := &problem{status: http.StatusConflict, slug: "not-possible", title: "Not possible"}
	switch {
	case errors.Is(err, fetch.ErrUnknown):
		p = &problem{status: http.StatusNotFound, slug: "no-such-torrent", title: "No such torrent", detail: "The cache has nothing of this torrent."}
	case errors.Is(err, fetch.ErrNoObjects):
		p.detail = "There is no object store."
	case errors.Is(err, cache.ErrPinned):
		p.detail = "The torrent is pinned: unpin it first."
	case errors.Is(err, cache.ErrNoDisk):
		p.detail = "The cache is in memory alone, where nothing can be pinned."
	case errors.Is(err, cache.ErrTooManyPins):
		p.detail = "As many torrents are pinned as may be."
	default:
		a.fail(c, err)
		return
	}
	a.problem(c, p)
}
