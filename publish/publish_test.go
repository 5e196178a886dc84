package publish

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/cache"
	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeSession notes what is offered.
type fakeSession struct {
	mu      sync.Mutex
	offered map[metainfo.InfoHash]cache.Origin
	checked map[metainfo.InfoHash][]int
}

func newFakeSession() *fakeSession {
	return &fakeSession{offered: make(map[metainfo.InfoHash]cache.Origin), checked: make(map[metainfo.InfoHash][]int)}
}

func (s *fakeSession) Publish(t *metainfo.Torrent, o cache.Origin) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.offered[t.Info.ID()] != nil {
		return errors.New("offered already")
	}
	s.offered[t.Info.ID()] = o
	return nil
}

func (s *fakeSession) Unpublish(info *metainfo.Info) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.offered, info.ID())
	return nil
}

func (s *fakeSession) Recheck(info *metainfo.Info, pieces []int) {
	s.mu.Lock()
	s.checked[info.ID()] = append(s.checked[info.ID()], pieces...)
	o := s.offered[info.ID()]
	s.mu.Unlock()
	for _, i := range pieces {
		b := make([]byte, info.PieceSize(i))
		if _, err := o.ReadAt(i, b, 0); err != nil {
			o.Lost(i, err)
		} else if ok, known := info.VerifyPiece(i, b, nil); known && !ok {
			o.Lost(i, errors.New("another hash"))
		}
	}
}

// write writes a file that was changed last an hour ago, or so.
func write(t *testing.T, age time.Duration, text string, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Time{}, time.Now().Add(-age)); err != nil {
		t.Fatal(err)
	}
}

// TestOriginReads reads pieces of torrents of each version, at all offsets that matter.
func TestOriginReads(t *testing.T) {
	root := t.TempDir()
	write(t, time.Hour, strings.Repeat("a", 40_000), root, "a")
	write(t, time.Hour, "", root, "empty")
	write(t, time.Hour, strings.Repeat("b", 3), root, "sub", "b")
	write(t, time.Hour, strings.Repeat("c", 40_000), root, "z")
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.V2, metainfo.Hybrid} {
		tor, err := metainfo.Make(t.Context(), metainfo.MakeOptions{Root: root, Version: version, PieceLength: 16 << 10})
		if err != nil {
			t.Fatal(err)
		}
		o := newOrigin(tor.Info, root, nil, nil)
		for i := range tor.Info.NumPieces() {
			whole := make([]byte, tor.Info.PieceSize(i))
			if _, err := o.ReadAt(i, whole, 0); err != nil {
				t.Fatal(err)
			}
			if ok, known := tor.Info.VerifyPiece(i, whole, tor.Layers); !ok || !known {
				t.Errorf("version %d: piece %d is wrong", version, i)
			}
			for _, off := range []int{1, len(whole) / 2, len(whole) - 1} {
				part := make([]byte, len(whole)-off)
				if _, err := o.ReadAt(i, part, int64(off)); err != nil || !bytes.Equal(part, whole[off:]) {
					t.Errorf("version %d: piece %d from %d: %v", version, i, off, err)
				}
			}
		}
	}
}

// TestVersion is another one whenever a file of the piece is, and none while that could go
// unseen.
func TestVersion(t *testing.T) {
	root := t.TempDir()
	write(t, time.Hour, "one", root, "d", "a")
	write(t, time.Hour, "two", root, "d", "b")
	tor, err := metainfo.Make(t.Context(), metainfo.MakeOptions{Root: filepath.Join(root, "d")})
	if err != nil {
		t.Fatal(err)
	}
	o := newOrigin(tor.Info, filepath.Join(root, "d"), nil, nil)
	if v := o.Version(0); v != 0 {
		t.Error("a file that changed just now has a version")
	}
	// The time of the last change of an inode cannot be set: it is waited for.
	bubble.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)))
		first := o.Version(0)
		if first == 0 || o.Version(0) != first || o.Version(1) == first {
			t.Error("no version, or not one of the files")
		}
		if v, err := o.ReadAt(0, make([]byte, 3), 0); err != nil || v != first {
			t.Errorf("%d after reading, %d before: %v", v, first, err)
		}
		for name, change := range map[string]func(name string) error{
			"touched": func(name string) error { return os.Chtimes(name, time.Time{}, time.Unix(1, 0)) },
			"replaced": func(name string) error {
				return errors.Join(os.WriteFile(name+"2", []byte("one"), 0o644), os.Rename(name+"2", name))
			},
		} {
			before := o.Version(0)
			if err := change(filepath.Join(root, "d", "a")); err != nil {
				t.Fatal(err)
			}
			if o.Version(0) == before {
				t.Errorf("%s: the same version", name)
			}
		}
		if err := os.Remove(filepath.Join(root, "d", "a")); err != nil {
			t.Fatal(err)
		}
		if o.Version(0) != 0 {
			t.Error("a file that is gone has a version")
		}
	})
}

// counted is a Publisher's options that count what is hashed.
func counted(session Session, dir string, hashed *int64) Config {
	return Config{Session: session, Dir: dir, Interval: time.Hour, Progress: func(_ string, done, _ int64) { *hashed = done }}
}

// TestKept starts again with files that are the same, that were touched, and that differ
// without a trace.
func TestKept(t *testing.T) {
	root, dir := t.TempDir(), t.TempDir()
	content := filepath.Join(root, "d")
	write(t, time.Hour, strings.Repeat("x", 50_000), content, "a")
	add := func() (id metainfo.InfoHash, hashed int64) {
		p := New(counted(newFakeSession(), dir, &hashed))
		defer p.Close()
		pub, err := p.Add(t.Context(), content)
		if err != nil {
			t.Fatal(err)
		}
		return pub.Torrent.Info.ID(), hashed
	}
	first, hashed := add()
	if hashed != 50_000 {
		t.Errorf("%d bytes hashed at first", hashed)
	}
	if id, hashed := add(); id != first || hashed != 0 {
		t.Errorf("%s after %s, %d bytes hashed", id, first, hashed)
	}
	stat, err := os.Stat(filepath.Join(content, "a"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, time.Hour, strings.Repeat("y", 50_000), content, "a")
	if err := os.Chtimes(filepath.Join(content, "a"), time.Time{}, stat.ModTime()); err != nil {
		t.Fatal(err)
	}
	if id, hashed := add(); id == first || hashed != 50_000 {
		t.Error("samples show no difference")
	}
	write(t, 2*time.Hour, strings.Repeat("y", 50_000), content, "a")
	if _, hashed := add(); hashed != 50_000 {
		t.Error("a touched file is not hashed again")
	}
	kept, _ := filepath.Glob(filepath.Join(dir, "*"+keptSuffix))
	for _, name := range kept { // cut short, as by a crash of something else
		if err := os.Truncate(name, 100); err != nil {
			t.Fatal(err)
		}
	}
	if _, hashed := add(); len(kept) != 1 || hashed != 50_000 {
		t.Errorf("%d bytes hashed where %q is damaged", hashed, kept)
	}
}

// TestReplaced publishes a path again after it changed.
func TestReplaced(t *testing.T) {
	root, session := t.TempDir(), newFakeSession()
	write(t, time.Hour, "one", root, "d", "a")
	var hashed int64
	p := New(counted(session, "", &hashed))
	defer p.Close()
	first, err := p.Add(t.Context(), filepath.Join(root, "d"))
	if err != nil {
		t.Fatal(err)
	}
	if same, err := p.Add(t.Context(), filepath.Join(root, "d")); err != nil || same.Torrent.Info.ID() != first.Torrent.Info.ID() || len(session.offered) != 1 {
		t.Errorf("%v, %d offered", err, len(session.offered))
	}
	write(t, time.Hour, "two!", root, "d", "a")
	second, err := p.Add(t.Context(), filepath.Join(root, "d"))
	if err != nil || second.Torrent.Info.ID() == first.Torrent.Info.ID() || len(session.offered) != 1 || session.offered[second.Torrent.Info.ID()] == nil {
		t.Errorf("%v, %v", err, session.offered)
	}
	if !p.Publishes(second.Torrent.Info.ID().Wire()) || p.Publishes(first.Torrent.Info.ID().Wire()) {
		t.Error("what is published is not known")
	}
	write(t, time.Hour, "two!", root, "other", "d", "a")
	if _, err := p.Add(t.Context(), filepath.Join(root, "other", "d")); err == nil || !strings.Contains(err.Error(), "holds the same") {
		t.Errorf("the same torrent twice: %v", err)
	}
	if err := p.Remove(filepath.Join(root, "d")); err != nil || len(session.offered) != 0 || len(p.List()) != 0 {
		t.Errorf("%v, %v", err, session.offered)
	}
	if err := p.Remove(filepath.Join(root, "d")); !errors.Is(err, ErrNotPublished) {
		t.Error(err)
	}
}

// TestLooks has a file change under a publication, and waits for what is said of it.
func TestLooks(t *testing.T) {
	root, session := t.TempDir(), newFakeSession()
	write(t, time.Hour, strings.Repeat("a", 40_000), root, "d", "a")
	write(t, time.Hour, strings.Repeat("b", 40_000), root, "d", "b")
	write(t, time.Hour, "", root, "d", "empty")
	for name, change := range map[string]string{"b": strings.Repeat("b", 20_000) + strings.Repeat("c", 20_000), "empty": "not any more"} {
		said := make(chan Publication, 10)
		p := New(Config{
			Session: session, Interval: time.Millisecond, Make: metainfo.MakeOptions{PieceLength: 16 << 10, Version: metainfo.V1},
			Changed: func(pub Publication) { said <- pub },
		})
		pub, err := p.Add(t.Context(), filepath.Join(root, "d"))
		if err != nil {
			t.Fatal(err)
		}
		if first := <-said; first.State != StateServed {
			t.Error(first.State)
		}
		write(t, 0, change, root, "d", name)
		if next := <-said; next.State != StateChanged || next.Lost == 0 || next.Reason == "" {
			t.Errorf("%+v", next)
		}
		session.mu.Lock()
		for _, i := range session.checked[pub.Torrent.Info.ID()] {
			if i < 2 {
				t.Errorf("piece %d, which did not change, is hashed", i)
			}
		}
		session.mu.Unlock()
		p.Close()
		_ = session.Unpublish(pub.Torrent.Info)
	}
}

// TestCloseEndsHashing closes a Publisher that is hashing.
func TestCloseEndsHashing(t *testing.T) {
	root := t.TempDir()
	write(t, time.Hour, strings.Repeat("a", 1<<20), root, "a")
	var p *Publisher
	closed := make(chan struct{})
	var once sync.Once
	p = New(Config{Session: newFakeSession(), Interval: time.Hour, Make: metainfo.MakeOptions{PieceLength: 16 << 10, Workers: 1},
		Progress: func(string, int64, int64) {
			once.Do(func() {
				p.stop()
				go func() { p.Close(); close(closed) }()
			})
		}})
	if _, err := p.Add(context.Background(), filepath.Join(root, "a")); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
	<-closed
	if _, err := p.Add(context.Background(), filepath.Join(root, "a")); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
