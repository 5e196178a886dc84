package cache

import (
	"errors"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

func TestRestart(t *testing.T) {
	for _, v := range []metainfo.Version{metainfo.V1, metainfo.V2, metainfo.Hybrid} {
		f := makeFixture(t, v, 16<<10, 1, 100_000, 5, 0, 40_000)
		dir := t.TempDir()
		s := openStore(t, Config{Dir: dir})
		tor := f.open(t, s, nil)
		for i := range f.info.NumPieces() {
			if tor.Has(i) || f.read(t, tor, i) {
				t.Fatalf("piece %d held before it was put", i)
			}
			f.put(tor, i)
			f.mustRead(t, tor, i)
		}
		closeStore(t, s)

		s = openStore(t, Config{Dir: dir})
		tor = f.open(t, s, nil)
		if got := tor.Have().Count(f.info.NumPieces()); got != f.info.NumPieces() {
			t.Fatalf("%d of %d pieces after a restart", got, f.info.NumPieces())
		}
		for i := range f.info.NumPieces() {
			f.mustRead(t, tor, i)
		}
		if st := s.Stats(); st.VerifyFailures != 0 || st.DiskHits != int64(f.info.NumPieces()) {
			t.Fatalf("stats %+v", st)
		}
		closeStore(t, s)
	}
}

func TestOpenTwice(t *testing.T) {
	f := single(t, 16<<10, 1, 20_000)
	s := openStore(t, Config{})
	tor := f.open(t, s, nil)
	if _, err := s.Torrent(f.info, nil, nil); !errors.Is(err, ErrOpen) {
		t.Fatalf("second open: %v", err)
	}
	f.putAll(tor)
	tor.Close()
	if tor.Has(0) || f.read(t, tor, 0) {
		t.Fatal("a closed handle has pieces")
	}
	f.mustRead(t, f.open(t, s, nil), 0)
	closeStore(t, s)
	if _, err := s.Torrent(f.info, nil, nil); !errors.Is(err, ErrClosed) {
		t.Fatalf("open after Close: %v", err)
	}
	if err := s.Close(); !errors.Is(err, ErrClosed) {
		t.Fatalf("second Close: %v", err)
	}
}
