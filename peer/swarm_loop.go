package peer

import (
	"time"

	"github.com/btgw/btgw/peer/choke"
)

// loop does what time brings, until Close.
func (s *Swarm) loop() {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-s.awake:
		case <-timer.C:
		}
		now := time.Now()
		next := s.tick(now)
		s.applyShelter()
		timer.Reset(next.Sub(now))
	}
}

// tick does what is due and returns when to look again.
func (s *Swarm) tick(now time.Time) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp()
	s.dialMore(now)
	s.carry(s.metadata.Tick(now))
	s.superTick(now)
	if !now.Before(s.nextRound) {
		s.nextRound = now.Add(choke.Round)
		s.round(now)
		s.gossip(now)
		s.replace(now)
	}
	next := s.nextRound
	if again := now.Add(superLook); s.super != nil && s.super.hidden > 0 && again.Before(next) {
		next = again
	}
	if at, ok := s.familyTime(now); ok && at.Before(next) {
		next = at
	}
	if s.queueing() {
		s.growSlots(now)
		s.freed(now)
		if again := now.Add(slotLook); s.queueing() && again.Before(next) {
			next = again
		}
	}
	if at, ok := s.metadata.Next(now); ok && at.Before(next) {
		next = at
	}
	if s.crowded {
		s.crowded = false
		if again := now.Add(time.Second); again.Before(next) || s.kin == nil {
			next = again
		}
	} else if at, ok := s.nextDial(now); ok && at.Before(next) {
		next = at
	}
	return next
}

// nextDial returns when an address may be dialled that may not be now; false if none. mu is held.
func (s *Swarm) nextDial(now time.Time) (time.Time, bool) {
	if s.wanted {
		return s.book.Next(now)
	}
	return s.nextCall(now)
}

// wake makes the loop look.
func (s *Swarm) wake() {
	select {
	case s.awake <- struct{}{}:
	default:
	}
}
