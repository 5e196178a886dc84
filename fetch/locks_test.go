package fetch

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

// TestBusyTorrentHoldsUpNobodyElse: whatever is done, the session's lock is free while one
// torrent's is held.
func TestBusyTorrentHoldsUpNobodyElse(t *testing.T) {
	for name, do := range map[string]func(s *Session, busy *metainfo.Torrent) error{
		"a torrent is begun in its place": func(s *Session, _ *metainfo.Torrent) error {
			s.maxTorrents = 1
			_, err := s.Add(context.Background(), large(t, 1))
			return err
		},
		"memory is wanted": func(s *Session, busy *metainfo.Torrent) error {
			s.budget = 2 * sizeOf(busy)
			h, err := s.holdingOf(context.Background(), large(t, 1), asker{})
			if err == nil {
				h.release()
			}
			return err
		},
		"its uploads are bounded": func(s *Session, busy *metainfo.Torrent) error {
			_, err := s.SetUploadPolicy(busy.Info.ID(), func(p *peer.UploadPolicy) error { p.Stopped = new(bool); return nil })
			return err
		},
		"it is listed": func(s *Session, _ *metainfo.Torrent) error { s.List(); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			session(t, func(t *testing.T, s *sim) {
				gate, busy := s.gate.session, large(t, 0)
				if _, err := gate.Add(t.Context(), busy); err != nil {
					t.Fatal(err)
				}
				tor := inUse(gate, busy.Info.ID())
				tor.mu.Lock()
				var done sync.WaitGroup
				done.Go(func() {
					if err := do(gate, busy); err != nil {
						t.Error(err)
					}
				})
				free := gate.staysFree()
				tor.mu.Unlock()
				done.Wait()
				if !free {
					t.Error("the session's lock was held meanwhile")
				}
			})
		})
	}
}

// maxLooks is after how many looks a lock is held for good. They take several seconds: the system may put a thread aside that
// holds it.
const maxLooks = 50_000_000

// staysFree reports whether the session's lock comes to be free for good: what is done meanwhile
// is over by then, or waits for something else.
func (s *Session) staysFree() bool {
	const long = 50_000
	free := 0
	for range maxLooks {
		runtime.Gosched()
		if !s.mu.TryLock() {
			free = 0
			continue
		}
		s.mu.Unlock()
		if free++; free == long {
			return true
		}
	}
	return false
}

// TestOpenObeysItsContext: who waits for a torrent that is ending waits no longer than for
// its own context.
func TestOpenObeysItsContext(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		gate, mt := s.gate.session, large(t, 0)
		if _, err := gate.Add(t.Context(), mt); err != nil {
			t.Fatal(err)
		}
		gate.mu.Lock()
		tor := gate.torrents[mt.Info.ID()]
		tor.ending = true
		gate.mu.Unlock()
		ctx, cancel := context.WithCancel(context.Background())
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		_, err := gate.Open(ctx, mt.Info.ID(), Hints{}, &mt.Info.Files[0], 0, 1)
		if took := time.Since(start); !errors.Is(err, context.Canceled) || took != time.Second {
			t.Errorf("%v after %v", err, took)
		}
		gate.mu.Lock()
		tor.ending = false
		gate.mu.Unlock()
	})
}
