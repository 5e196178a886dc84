package fetch

import (
	"time"

	"github.com/btgw/btgw/fetch/sched"
	"github.com/btgw/btgw/metainfo"
)

// noRank is the rank of what is no part of files that are read one after another.
const noRank = -1

// rankOf is the rank of the file that is opened, if it is opened at its start.
func (c *content) rankOf(f *metainfo.File, off int64) int {
	switch {
	case off != 0 || c.info.SingleFile():
		return noRank
	case playlists[extension(c.info, f)]:
		c.h.listed.Store(true)
		return noRank
	}
	return c.info.Rank(f)
}

// follow tells the scheduler of a file that is opened at its start, of which nothing is missing. The scheduler
// prefetches the files after it where a client reads one after another.
func (t *Torrent) follow(c *content, f *metainfo.File, rank int) {
	if rank == noRank || !t.follows.Load() {
		return
	}
	t.mu.Lock()
	if t.core == nil || t.closed {
		t.mu.Unlock()
		return
	}
	now := t.now()
	c.followed(now, t, f, rank)
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}

// followed is follow, where the torrent's lock is held. The reader may have a window.
func (c *content) followed(now time.Duration, t *Torrent, f *metainfo.File, rank int) {
	if rank == noRank {
		return
	}
	t.core.Follow(now, sched.Opening{Rank: rank, Client: c.client, Window: c.w, Listed: c.h.listed.Load() && played(c.info, f)})
	t.follows.Store(t.core.Follows())
}
