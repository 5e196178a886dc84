package metainfo

import (
	"io"
	"io/fs"
	"path"
	"testing"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/metainfo/bencode"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// dict is a dictionary in a test's own words.
type dict = map[string]any

// encode returns the encoding of v.
func encode(t testing.TB, v any) []byte {
	t.Helper()
	b, err := bencode.Append(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// readSpan returns bytes off to off+n of a torrent's byte space, with zeros
// where there is padding or a gap. The content is in fsys under the torrent's
// own names.
func readSpan(t testing.TB, in *Info, fsys fs.FS, off, n int64) []byte {
	t.Helper()
	buf := make([]byte, n)
	for i := range in.Files {
		f := &in.Files[i]
		start, end := max(f.Offset, off), min(f.Offset+f.Length, off+n)
		if f.Pad || start >= end {
			continue
		}
		name := path.Join(append([]string{in.Name}, in.RawPath(f)...)...)
		r, err := fsys.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, r, start-f.Offset); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(r, buf[start-off:end-off]); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return buf
}

// checkPieces verifies every piece of a torrent against its content, and that
// a flipped bit is noticed.
func checkPieces(t testing.TB, tor *Torrent, fsys fs.FS) {
	t.Helper()
	in := tor.Info
	for i := range in.NumPieces() {
		piece := readSpan(t, in, fsys, in.PieceOffset(i), int64(in.PieceSize(i)))
		if ok, known := in.VerifyPiece(i, piece, tor.Layers); !ok || !known {
			t.Errorf("%s: piece %d of %d: ok %v, known %v", in.ID(), i, in.NumPieces(), ok, known)
		}
		piece[len(piece)/2] ^= 4
		if ok, _ := in.VerifyPiece(i, piece, tor.Layers); ok {
			t.Errorf("%s: piece %d: a flipped bit passes", in.ID(), i)
		}
	}
}

// rootBytes is a root as a slice.
func rootBytes(root [32]byte) []byte { return root[:] }
