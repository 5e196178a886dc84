package fetch

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/internal/simnet"
	"github.com/btgw/btgw/metainfo"
)

// TestPaddingIsNotAskedFor reads all files of a padded torrent from a peer, which is asked
// for each block that has content, and for no other.
func TestPaddingIsNotAskedFor(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		s := newSim(t, simnet.Ideal, 20*ms, 64<<10, 1<<20)
		files := fstest.MapFS{}
		r := rand.NewChaCha8([32]byte{2})
		for name, size := range map[string]int{"dir/a": 100_001, "dir/b": 5, "dir/c": 64 << 10, "dir/d": 40_000} {
			data := make([]byte, size)
			r.Read(data)
			files[name] = &fstest.MapFile{Data: data}
		}
		mt, err := metainfo.Make(context.Background(), metainfo.MakeOptions{FS: files, Root: "dir", Version: metainfo.Hybrid, PieceLength: 64 << 10})
		if err != nil {
			t.Fatal(err)
		}
		info := mt.Info
		s.torrent, s.content = mt, make([]byte, info.Span())
		for i := range info.Files {
			if f := &info.Files[i]; !f.Pad {
				copy(s.content[f.Offset:], files["dir/"+info.Path(f)[0]].Data)
			}
		}
		seed := s.script(simRate, simnet.Libtorrent())
		for i := range info.Files {
			f := &info.Files[i]
			if f.Pad {
				continue
			}
			if _, err := s.gate.session.Info(context.Background(), s.hash(), s.hints()); err != nil {
				t.Fatal(err)
			}
			c, err := s.gate.session.Open(context.Background(), s.hash(), s.hints(), f, 0, f.Length)
			if err != nil {
				t.Fatal(err)
			}
			got, err := drain(c, time.Minute)
			if err != nil || !bytes.Equal(got, files["dir/"+info.Path(f)[0]].Data) {
				t.Errorf("%v: %d bytes, %v", info.Path(f), len(got), err)
			}
			c.Close()
		}
		want := map[[2]int]bool{}
		for p := range info.NumPieces() {
			padding := info.PaddingBlocks(p)
			for n := range info.NumBlocks(p) {
				want[[2]int{p, n}] = !slices.Contains(padding, n)
			}
		}
		for _, r := range seed.Requests() {
			at := [2]int{r.Piece, r.Begin / metainfo.BlockLen}
			if !want[at] {
				t.Errorf("block %v is padding, or was asked for twice", at)
			}
			want[at] = false
		}
		for at, missing := range want {
			if missing {
				t.Errorf("block %v was not asked for", at)
			}
		}
	})
}
