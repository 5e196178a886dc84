package fetch

import (
	"time"

	"github.com/btgw/btgw/fetch/sched"
)

// run sleeps until something is late, and lets the core act on it.
func (t *Torrent) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		t.mu.Lock()
		now := t.now()
		var bans []sched.Effect
		if t.armed != 0 && now >= t.armed {
			t.armed = 0
			t.core.Tick(now)
			if t.core.Idled {
				t.core.Idled = false
				t.leaveAll()
			}
			if t.core.Starved {
				t.makeRoom()
			}
			bans = t.settle(now)
		}
		set := t.lanes.overdue(now)
		wait := time.Hour
		if t.armed != 0 {
			wait = max(0, t.armed-now)
		}
		if due := t.lanes.due; due != 0 {
			wait = min(wait, max(0, due-now))
		}
		t.mu.Unlock()
		t.punish(bans)
		if set != nil {
			t.hashWaiting(set)
			continue
		}
		timer.Reset(wait)
		select {
		case <-timer.C:
		case <-t.wake:
		case <-t.ctx.Done():
			return
		}
	}
}

// settle is settleFor after an event of a reader or the swarm; it returns the
// bans.
func (t *Torrent) settle(now time.Duration) []sched.Effect {
	if t.core.Kick || t.core.Nudge {
		t.core.FillAll(now)
	}
	t.rearm(now)
	t.pursueHashes(now)
	return t.send(now)
}

// settleFor runs the picker where an event asks for it, and sees to it that the
// timer goes off in time for l. The lock is held.
func (t *Torrent) settleFor(now time.Duration, l *sched.Link) {
	t.pursueHashes(now)
	if t.core.Kick || t.core.Nudge {
		t.core.FillAll(now)
		t.rearm(now)
		return
	}
	if at, ok := l.Due(); ok {
		t.arm(at)
	}
	if t.core.Starved {
		t.arm(now + sched.StarvedRetry)
	}
}

func (t *Torrent) rearm(now time.Duration) {
	if at, ok := t.core.Next(now); ok {
		t.arm(at)
	}
}

func (t *Torrent) arm(at time.Duration) {
	if t.armed != 0 && t.armed <= at {
		return
	}
	t.armed = max(at, 1)
	t.wakeTimer()
}

// wakeTimer has the timer look again.
func (t *Torrent) wakeTimer() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}
