package fetch

import "github.com/btgw/btgw/metainfo"

// follow tells the scheduler of a file that is opened at its start. The scheduler then
// prefetches the files after it where a client reads one after another. missing is set if a
// part of the file is not here.
func (t *Torrent) follow(c *content, f *metainfo.File, off int64, missing bool) {
	if off != 0 || c.info.SingleFile() || !missing && !t.follows.Load() {
		return
	}
	rank := c.info.Rank(f)
	t.mu.Lock()
	if t.core == nil || t.closed {
		t.mu.Unlock()
		return
	}
	now := t.now()
	t.core.Follow(now, rank, c.client, missing)
	t.follows.Store(t.core.Follows())
	bans := t.settle(now)
	t.mu.Unlock()
	t.punish(bans)
}
