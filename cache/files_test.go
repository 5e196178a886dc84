package cache

import (
	"bytes"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/bubble"
)

// No more data files are open than may be: the one unused for the longest is closed for
// another, and where all are in use who comes waits for one to be free, but not for ever.
func TestOpenFilesAreBounded(t *testing.T) {
	dir, err := openFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	bubble.Test(t, func(t *testing.T) {
		const most = 4
		fs := newDataFiles(dir, most, nil)
		runs := make([]*run, 3*most)
		c := newContent(1, geometry{hash: "01234567890123456789", pieces: 3 * most})
		for i := range runs {
			runs[i] = newRun(c, i)
			d, err := fs.acquire(runs[i], true)
			if err != nil {
				t.Fatal(err)
			}
			fs.release(d)
			if n := fs.open.Len(); n != min(i+1, most) || fs.count != n {
				t.Fatalf("%d files are kept, %d open", n, fs.count)
			}
		}
		var held []*dataFile
		for _, r := range runs[:most] {
			d, err := fs.acquire(r, false)
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, d)
		}
		if d, err := fs.acquire(runs[0], false); err != nil || d != held[0] {
			t.Fatalf("one that is open: %v", err)
		}
		fs.release(held[0])
		begun := time.Now()
		if _, err := fs.acquire(runs[most], false); !tooManyFiles(err) || time.Since(begun) != fileWait {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		time.AfterFunc(time.Second, func() { fs.release(held[1]) })
		begun = time.Now()
		d, err := fs.acquire(runs[most], false)
		if err != nil || time.Since(begun) != time.Second {
			t.Fatalf("after %v: %v", time.Since(begun), err)
		}
		if err := fs.remove(runs[2]); err != nil || fs.count != most {
			t.Errorf("%v, %d open while the removed one is in use", err, fs.count)
		}
		for _, d := range []*dataFile{held[0], held[2], held[3], d} {
			fs.release(d)
		}
		if fs.close(); fs.count != 0 {
			t.Errorf("%d are open at the end", fs.count)
		}
	})
}

// A Store that closes while all data files are leased does not wait for one to be free.
func TestCloseDoesNotWaitForLeases(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		const size = 16 << 10
		f := single(t, size, 1, 4*size)
		s := openStore(t, Config{Dir: t.TempDir(), MemoryBytes: 4, runBytes: size, OpenFiles: 1})
		tor := f.open(t, s, nil)
		f.store(t, tor, 0)
		l, err := tor.Get(0)
		if err != nil {
			t.Fatal(err)
		}
		f.put(tor, 1)
		f.put(tor, 2)
		begun := time.Now()
		if err := s.Close(); !tooManyFiles(err) || time.Since(begun) != closeWait {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		got := make([]byte, size)
		if _, err := l.ReadAt(got, 0); err != nil || !bytes.Equal(got, f.piece(0)) {
			t.Errorf("the lease has other bytes, or the error %v", err)
		}
		l.Release()
	})
}
