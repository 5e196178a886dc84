package h1

import (
	"sync/atomic"
	"time"
)

// Deadlines of the fast lane. Go keeps a timer for each. To move it for every request of 64 KiB costs a fiftieth of
// the answer, and there are two. So a deadline that is nearly as late as it would be is left as it is.

// slackShare is the part of a time by which it may end early: a minute may be a second less.
const slackShare = 64

// A coarse deadline is one that was set by within. It is safe for concurrent use.
type coarse struct {
	at atomic.Int64 // in nanoseconds since the epoch; 0: another was set, or none
}

var epoch = time.Now()

// within sets a deadline after a time from now, unless the one that stands is before that by no more than a slackShare
// of the time.
func (d *coarse) within(after time.Duration, set func(time.Time) error) error {
	at := int64(time.Since(epoch) + after)
	if early := at - d.at.Load(); early >= 0 && early <= int64(after/slackShare) {
		return nil
	}
	if err := set(epoch.Add(time.Duration(at))); err != nil {
		return err
	}
	d.at.Store(at)
	return nil
}

// ReadWithin has reads fail after a time from now, or up to a 64th of it earlier.
func (c *Conn) ReadWithin(after time.Duration) error {
	return c.readBy.within(after, c.TCPConn.SetReadDeadline)
}

// WriteWithin has writes fail after a time from now, or up to a 64th of it earlier.
func (c *Conn) WriteWithin(after time.Duration) error {
	return c.writeBy.within(after, c.TCPConn.SetWriteDeadline)
}

// SetDeadline implements net.Conn.
func (c *Conn) SetDeadline(t time.Time) error {
	c.readBy.at.Store(0)
	c.writeBy.at.Store(0)
	return c.TCPConn.SetDeadline(t)
}

// SetReadDeadline implements net.Conn.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.readBy.at.Store(0)
	return c.TCPConn.SetReadDeadline(t)
}

// SetWriteDeadline implements net.Conn.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.writeBy.at.Store(0)
	return c.TCPConn.SetWriteDeadline(t)
}
