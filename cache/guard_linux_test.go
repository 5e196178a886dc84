package cache

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// The ways in which somebody changes a data file under a running process.
var meddlings = map[string]func(t *testing.T, path, other string){
	"nothing": func(*testing.T, string, string) {},
	"cut to nothing": func(t *testing.T, path, _ string) {
		check(t, os.Truncate(path, 0))
	},
	"cut": func(t *testing.T, path, _ string) {
		check(t, os.Truncate(path, 3*meddledPiece+100))
	},
	"cut and as long as before": func(t *testing.T, path, _ string) {
		size := sizeOf(t, path)
		check(t, os.Truncate(path, meddledPiece))
		check(t, os.Truncate(path, size))
	},
	"zeros in it": func(t *testing.T, path, _ string) {
		meddle(t, path, zeros)
	},
	"a bit": func(t *testing.T, path, _ string) {
		meddle(t, path, func(f *os.File) error {
			b := make([]byte, 1)
			_, _ = f.ReadAt(b, 5*meddledPiece+7)
			b[0] ^= 8
			_, err := f.WriteAt(b, 5*meddledPiece+7)
			return err
		})
	},
	"a hole": func(t *testing.T, path, _ string) {
		meddle(t, path, func(f *os.File) error {
			return unix.Fallocate(int(f.Fd()), unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, meddledPiece, 2*meddledPiece)
		})
	},
	"longer": func(t *testing.T, path, _ string) {
		check(t, os.Truncate(path, 100*meddledPiece))
	},
	"removed": func(t *testing.T, path, _ string) {
		check(t, os.Remove(path))
	},
	"another in its place": func(t *testing.T, path, other string) {
		check(t, os.Rename(other, path))
	},
	"another copied over it": func(t *testing.T, path, other string) {
		b, err := os.ReadFile(other)
		check(t, err)
		check(t, os.WriteFile(path, b, 0o600))
	},
	"swapped with another": func(t *testing.T, path, other string) {
		check(t, os.Rename(path, path+".x"))
		check(t, os.Rename(other, path))
		check(t, os.Rename(path+".x", other))
	},
	"linked elsewhere and removed": func(t *testing.T, path, _ string) {
		check(t, os.Rename(path, path+".old"))
	},
}

const meddledPiece = 64 << 10

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sizeOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	check(t, err)
	return info.Size()
}

func zeros(f *os.File) error {
	_, err := f.WriteAt(make([]byte, 2*meddledPiece), 2*meddledPiece)
	return err
}

func meddle(t *testing.T, path string, change func(*os.File) error) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	check(t, err)
	check(t, change(f))
	check(t, f.Close())
}

// Whatever somebody does to a data file while it is in use, what is read is right, by those
// who had a piece leased before as by those who come, whether or not the writer was there
// first; and all pieces can be put anew.
func TestFileChangedUnderUs(t *testing.T) {
	t.Parallel()
	const pieces = 8
	f := single(t, meddledPiece, 1, pieces*meddledPiece)
	g := single(t, meddledPiece, 2, pieces*meddledPiece)
	for name, change := range meddlings {
		for _, when := range []string{"at once", "leased", "writer first", "after a restart", "twice"} {
			t.Run(name+", "+when, func(t *testing.T) {
				dir := t.TempDir()
				s := coldStore(t, dir, 1<<30)
				a, b := f.open(t, s, nil), g.open(t, s, nil)
				f.store(t, a)
				g.store(t, b)
				a.Remove()
				a = f.open(t, s, nil)
				f.store(t, a, 0, 1, 2, 3, 5, 6, 7)
				if when == "after a restart" {
					closeStore(t, s)
					s = coldStore(t, dir, 1<<30)
					a, b = f.open(t, s, nil), g.open(t, s, nil)
					for i := range pieces {
						f.read(t, a, i)
					}
				}
				var leases []*Lease
				if when == "leased" {
					for _, i := range []int{0, 1, 2, 3, 5, 6, 7} {
						l, err := a.Get(i)
						check(t, err)
						leases = append(leases, l)
					}
				}
				path, other := dataFilePath(dir, f), dataFilePath(dir, g)
				change(t, path, other)
				if when == "twice" {
					for i := range pieces {
						f.read(t, a, i)
					}
					if again, err := os.OpenFile(path, os.O_RDWR, 0); err == nil { // else the writer has removed it, as it does at any time
						check(t, zeros(again))
						check(t, again.Close())
					}
				}
				for _, l := range leases {
					p := make([]byte, l.Len())
					if n, _ := l.ReadAt(p, 0); string(p[:n]) != string(f.piece(l.index)[:n]) {
						t.Errorf("the lease of piece %d gives wrong bytes", l.index)
					}
					l.Release()
				}
				if when == "writer first" {
					f.put(a, 4)
					_ = a.Flush()
				}
				right := 0
				for i := range pieces {
					if f.read(t, a, i) {
						right++
					}
					g.read(t, b, i)
				}
				if name == "nothing" && when != "twice" && (right < 7 || s.Stats().Distrusts != 0) {
					t.Errorf("%d pieces are right, %+v", right, s.Stats())
				}
				if name == "a bit" && when != "twice" && right < 6 {
					t.Errorf("%d pieces are right", right)
				}
				f.putAll(a)
				g.putAll(b)
				for i := range pieces {
					f.mustRead(t, a, i)
					g.mustRead(t, b, i)
				}
				_ = a.Flush()
				_ = b.Flush()
				_ = s.Close()
				s = coldStore(t, dir, 1<<30)
				a = f.open(t, s, nil)
				for i := range pieces {
					if !f.read(t, a, i) {
						t.Errorf("piece %d is lost after a restart", i)
					}
				}
				closeStore(t, s)
			})
		}
	}
}

// What the cache does to its own files is no reason to doubt them.
func TestOwnChangesAreTrusted(t *testing.T) {
	f := single(t, 16<<10, 1, 64*16<<10)
	s := coldStore(t, t.TempDir(), 20*16<<10)
	tor := f.open(t, s, nil)
	for range 4 {
		for i := range 64 {
			f.put(tor, i)
			f.read(t, tor, i)
			f.read(t, tor, (i+50)%64)
		}
		flush(t, tor)
		tor.Remove()
		tor = f.open(t, s, nil)
	}
	if st := s.Stats(); st.Distrusts != 0 || st.Evictions < 40 || st.VerifyFailures != 0 {
		t.Fatalf("stats %+v", st)
	}
	if left, _ := filepath.Glob(filepath.Join(s.cfg.Dir, piecesDir, "*")); len(left) != 0 {
		t.Fatalf("left: %v", left)
	}
	closeStore(t, s)
}

// GetAgain leases what it would not find to be another's by a look. The first read finds it out: it gives no wrong bytes, and
// the lease after it is of what was verified anew.
func TestGetAgain(t *testing.T) {
	const pieces = 8
	f := single(t, meddledPiece, 1, pieces*meddledPiece)
	g := single(t, meddledPiece, 2, pieces*meddledPiece)
	for name, change := range meddlings {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			s := coldStore(t, dir, 1<<30)
			a, b := f.open(t, s, nil), g.open(t, s, nil)
			f.store(t, a)
			g.store(t, b)
			l, err := a.GetAgain(0)
			check(t, err)
			l.Release()
			change(t, dataFilePath(dir, f), dataFilePath(dir, g))
			lost := 0
			for i := range pieces {
				for tries := 1; ; tries++ {
					l, err := a.GetAgain(i)
					if err != nil {
						break // the piece is gone: it is fetched again
					}
					p := make([]byte, l.Len())
					n, err := l.ReadAt(p, 0)
					l.Release()
					if string(p[:n]) != string(f.piece(i)[:n]) {
						t.Fatalf("wrong bytes of piece %d", i)
					}
					if err == nil {
						break
					}
					if lost++; !errors.Is(err, ErrLost) || tries > 1 {
						t.Fatalf("piece %d, lease %d: %v", i, tries, err)
					}
				}
			}
			if st := s.Stats(); lost > 1 || name == "nothing" && (lost > 0 || st.Distrusts > 0 || st.Misses > 0) {
				t.Errorf("%d leases were lost, %+v", lost, st)
			}
			closeStore(t, s)
		})
	}
}

// A look is enough for GetAgain while the state that it found is known, and no longer.
func TestDoubtEndsALook(t *testing.T) {
	f := single(t, meddledPiece, 1, 2*meddledPiece)
	s := coldStore(t, t.TempDir(), 1<<30)
	a := f.open(t, s, nil)
	f.store(t, a)
	l, err := a.GetAgain(0)
	check(t, err)
	g := l.r.watch()
	if !g.lately(l.file) {
		t.Error("what was just looked at is looked at again")
	}
	age, _, _ := g.now()
	if g.doubt(age); g.lately(l.file) {
		t.Error("a look from before the doubt is enough")
	}
	l.Release()
	closeStore(t, s)
}
