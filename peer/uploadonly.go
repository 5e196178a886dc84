package peer

import (
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/wire"
)

// uploadsAlone reports whether we have something and want nothing of these peers,
// though there may be more: what BEP 21 calls a partial seed. Others need not keep
// a place for us then. mu is held.
func (s *Swarm) uploadsAlone() bool {
	return s.info != nil && s.haveCount > 0 && s.seeding()
}

// sayUploadOnly tells all peers whether we only upload, where that has changed: what
// was wanted is there, or no longer is, or a reader came. mu is held.
func (s *Swarm) sayUploadOnly() {
	only := s.uploadsAlone()
	if only == s.onlyUploads {
		return
	}
	s.onlyUploads = only
	for _, c := range s.conns {
		c.spare = c.spare || only
		c.tellUploadOnly(s.info, only)
	}
	if now := time.Now(); !only && s.book.Recall(now) {
		s.dialMore(now)
		s.wake()
	}
}

// tellUploadOnly says whether we only upload, if the peer has not heard: by
// libtorrent's message, or else by one more extension handshake. A peer from which a
// super-seed hides what it has hears nothing.
func (c *Conn) tellUploadOnly(info *metainfo.Info, only bool) {
	c.wmu.Lock()
	if c.onlyUploads != only && c.shown == nil && c.hello.Extended() {
		c.onlyUploads = only
		if e := c.ext.Load(); e != nil && e.UploadOnlyID != 0 {
			c.out = wire.AppendUploadOnly(c.out, e.UploadOnlyID, only)
		} else if only {
			c.out = c.appendDescription(c.out, info, wire.Yes)
		} else {
			c.out = c.appendDescription(c.out, info, wire.No)
		}
	}
	c.queued()
}

// receiveUploadOnly takes in that the peer only uploads from now on, or no longer. The
// caller holds dmu.
func (c *Conn) receiveUploadOnly(body []byte) error {
	only, err := wire.ParseUploadOnly(body)
	if err != nil {
		return c.unread(body, err)
	}
	var e wire.ExtendedHandshake
	if old := c.ext.Load(); old != nil {
		e = *old
	}
	e.UploadOnly = wire.No
	if only {
		e.UploadOnly = wire.Yes
	}
	c.ext.Store(&e)
	c.assess()
	return nil
}

// assess takes back a claim of interest in a peer that has nothing, and either wants
// nothing more or may super-seed. libtorrent tells of its first piece ten seconds after
// it saw that there is no interest. The caller holds dmu.
func (c *Conn) assess() {
	e := c.ext.Load()
	empty := c.said.none && (c.info != nil || e != nil && e.UploadOnly == wire.Yes)
	if c.empty.Swap(empty) != empty && empty {
		c.settleInterest()
	}
}
