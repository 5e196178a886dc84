package fetch

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// TestDiskHoldsUpNobodyElse: while the disk does not give the metadata of one torrent, the
// session's lock is free, whoever asks for that torrent, and other torrents are begun.
func TestDiskHoldsUpNobodyElse(t *testing.T) {
	session(t, func(t *testing.T, s *sim) {
		dir := t.TempDir()
		s.keepAsBefore(dir)
		n := s.nodeWith(simnet.HostConfig{}, cache.Config{Dir: dir})
		gate, disk := n.session, stopDisk(t, dir)
		var waiting sync.WaitGroup
		defer waiting.Wait()
		defer disk.giveUp(t)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		for name, ask := range map[string]func(){
			"info":    func() { _, _ = gate.Info(ctx, s.hash(), Hints{}) },
			"status":  func() { gate.Known(s.hash()) },
			"a range": func() { gate.Cached(s.hash(), &s.torrent.Info.Files[0], 0, 1) },
			"a peer":  func() { gate.serve(s.hash().Wire()) },
		} {
			waiting.Go(ask)
			for i := 0; i < maxLooks && !gate.isOpening(s.hash()); i++ {
				runtime.Gosched()
			}
			if !gate.staysFree() {
				t.Fatalf("%s: the session's lock is held while the disk is read", name)
			}
		}
		other := make1(t, metainfo.MakeOptions{Version: metainfo.V1})
		if _, err := gate.Add(t.Context(), other); err != nil {
			t.Errorf("another torrent: %v", err)
		}
		if _, ok := gate.Known(other.Info.ID()); !ok || len(gate.List()) != 1 {
			t.Errorf("another torrent is known: %t, %d in use", ok, len(gate.List()))
		}
		gate.mu.Lock()
		defer gate.mu.Unlock()
		if gate.opening[s.hash()] == nil {
			t.Error("the disk was not waited for")
		}
	})
}

// keepAsBefore has a cache of an earlier run hold the torrent.
func (s *sim) keepAsBefore(dir string) {
	s.t.Helper()
	earlier, err := cache.Open(cache.Config{Dir: dir})
	if err != nil {
		s.t.Fatal(err)
	}
	if err := earlier.PutMetainfo(s.torrent); err != nil {
		s.t.Error(err)
	}
	if err := earlier.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// isOpening reports whether a torrent's part of the cache is seen to be opened just now. It waits
// for nobody.
func (s *Session) isOpening(ih metainfo.InfoHash) bool {
	if !s.mu.TryLock() {
		return false
	}
	defer s.mu.Unlock()
	return s.opening[ih] != nil
}

// A stoppedDisk is a pipe in place of a file of metadata: who opens it waits.
type stoppedDisk string

func stopDisk(t *testing.T, dir string) stoppedDisk {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "metainfo", "*.torrent"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, %v", files, err)
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(files[0], 0o600); err != nil {
		t.Fatal(err)
	}
	return stoppedDisk(files[0])
}

// giveUp has the file fail for those that wait for it, and be gone for others.
func (d stoppedDisk) giveUp(t *testing.T) {
	f, err := os.OpenFile(string(d), os.O_RDWR, 0) // waits for nobody
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	if err := os.Remove(string(d)); err != nil {
		t.Error(err)
	}
}
