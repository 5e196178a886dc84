package cache

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/metainfo"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDirVar); dir != "" {
		crashWriter(dir)
		return
	}
	if dir := os.Getenv(lockDirVar); dir != "" {
		lockHolder(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// A fixture is a torrent with its content.
type fixture struct {
	tor  *metainfo.Torrent
	info *metainfo.Info
	span []byte // the byte space
}

// makeFixture makes a torrent of files with the given sizes, filled from seed.
func makeFixture(tb testing.TB, version metainfo.Version, pieceLen int64, seed uint64, sizes ...int) *fixture {
	tb.Helper()
	fsys := fstest.MapFS{}
	random := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	for i, n := range sizes {
		data := make([]byte, n)
		_, _ = random.Read(data)
		fsys[fmt.Sprintf("f%03d", i)] = &fstest.MapFile{Data: data}
	}
	root := "."
	if len(sizes) == 1 {
		root = "f000"
	}
	tor, err := metainfo.Make(context.Background(), metainfo.MakeOptions{
		FS: fsys, Root: root, Name: "t", Version: version, PieceLength: pieceLen,
	})
	if err != nil {
		tb.Fatal(err)
	}
	f := &fixture{tor: tor, info: tor.Info, span: make([]byte, tor.Info.Span())}
	next := 0
	for _, file := range tor.Info.Files {
		if file.Pad {
			continue
		}
		copy(f.span[file.Offset:], fsys[fmt.Sprintf("f%03d", next)].Data)
		next++
	}
	return f
}

// single is a fixture of one v1 file.
func single(tb testing.TB, pieceLen int64, seed uint64, size int) *fixture {
	tb.Helper()
	return makeFixture(tb, metainfo.V1, pieceLen, seed, size)
}

// odd is a fixture of one v1 file whose piece length is no power of two.
func odd(tb testing.TB, pieceLen int, seed uint64, size int) *fixture {
	tb.Helper()
	f := &fixture{span: make([]byte, size)}
	random := rand.NewChaCha8([32]byte{byte(seed)})
	_, _ = random.Read(f.span)
	var hashes []byte
	for part := range slices.Chunk(f.span, pieceLen) {
		sum := sha1.Sum(part)
		hashes = append(hashes, sum[:]...)
	}
	raw := fmt.Sprintf("d6:lengthi%de4:name1:t12:piece lengthi%de6:pieces%d:%se", size, pieceLen, len(hashes), hashes)
	info, err := metainfo.ParseInfo([]byte(raw))
	if err != nil {
		tb.Fatal(err)
	}
	f.tor, f.info = &metainfo.Torrent{Info: info}, info
	return f
}

// piece is the content of piece i.
func (f *fixture) piece(i int) []byte {
	off := f.info.PieceOffset(i)
	return f.span[off : off+int64(f.info.PieceSize(i))]
}

// put puts piece i through a buffer of the store's pool.
func (f *fixture) put(t *Torrent, i int) {
	b := t.s.pool.Get(f.info.PieceSize(i))
	copy(b.Bytes(), f.piece(i))
	t.Put(i, b)
	b.Release()
}

func (f *fixture) putAll(t *Torrent) {
	for i := range f.info.NumPieces() {
		f.put(t, i)
	}
}

// store puts pieces, or all there are, and waits for each to be on disk.
func (f *fixture) store(tb testing.TB, t *Torrent, pieces ...int) {
	tb.Helper()
	if pieces == nil {
		for i := range f.info.NumPieces() {
			pieces = append(pieces, i)
		}
	}
	for _, i := range pieces {
		f.put(t, i)
		flush(tb, t)
	}
}

// read gets piece i and returns whether it was held. Wrong bytes are fatal.
func (f *fixture) read(tb testing.TB, t *Torrent, i int) bool {
	tb.Helper()
	l, err := t.Get(i)
	if err != nil {
		if err != ErrMiss {
			tb.Log(err)
		}
		return false
	}
	defer l.Release()
	var got bytes.Buffer
	n, err := l.WriteRange(&got, 0, int64(l.Len()))
	if err != nil || n != int64(f.info.PieceSize(i)) {
		tb.Fatalf("piece %d: wrote %d bytes: %v", i, n, err)
	}
	if !bytes.Equal(got.Bytes(), f.piece(i)) {
		tb.Fatalf("piece %d: wrong bytes", i)
	}
	return true
}

// mustRead is read of a piece that has to be held.
func (f *fixture) mustRead(tb testing.TB, t *Torrent, i int) {
	tb.Helper()
	if !f.read(tb, t, i) {
		_, err := t.Get(i)
		tb.Fatalf("piece %d of %v is missing: %v; %+v", i, f.info.ID(), err, t.s.Stats())
	}
}

// readHeld reads piece i if it is held. It may be given up before it is read: what is in memory
// alone goes at any time.
func (f *fixture) readHeld(tb testing.TB, t *Torrent, i int) {
	tb.Helper()
	if t.Has(i) && !f.read(tb, t, i) && t.Has(i) {
		tb.Fatalf("piece %d is held, and cannot be read: %+v", i, t.s.Stats())
	}
}

// open opens the fixture's torrent in s.
func (f *fixture) open(tb testing.TB, s *Store, evicted func(int)) *Torrent {
	tb.Helper()
	t, err := s.Torrent(f.info, f.tor.Layers, evicted)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// openStore opens a store that is closed with the test, if not before. The audit of its files has
// ended, as far as they are not many.
func openStore(tb testing.TB, cfg Config) *Store {
	tb.Helper()
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	s, err := Open(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.Close() })
	_ = s.disk.flush()
	return s
}

// closeStore closes a store, which must work, and checks that it has given back
// all its buffers.
func closeStore(tb testing.TB, s *Store) {
	tb.Helper()
	if err := s.Close(); err != nil {
		tb.Fatalf("Close: %v", err)
	}
	if n := s.pool.Outstanding(); n != 0 {
		tb.Fatalf("%d bytes of buffers outstanding after Close", n)
	}
	if n := s.copyBufs.Outstanding(); n != 0 {
		tb.Fatalf("%d bytes of copy buffers outstanding after Close", n)
	}
}

// flush waits until all is on disk, and ristretto has decided on what it was
// offered.
func flush(tb testing.TB, t *Torrent) {
	tb.Helper()
	if err := t.Flush(); err != nil {
		tb.Fatalf("Flush: %v", err)
	}
	t.s.hot.cache.Wait()
}
