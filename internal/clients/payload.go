package clients

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/btgw/btgw/metainfo"
)

// Spec says what torrent to make. The same Spec gives the same bytes and, without
// regard to the trackers, the same infohash, always.
type Spec struct {
	// Name of the torrent; "" means "payload". It has to be a valid file name.
	Name string
	// Seed chooses the content: noise that does not compress.
	Seed uint64
	// PieceLength in bytes, a power of two from 16 KiB to 64 MiB; 0 means what
	// metainfo.PieceLengthFor says.
	PieceLength int64
	// Files below Name; nil means a single file of Size bytes. A torrent has
	// them in the order of the file tree, not in this one.
	Files []FileSpec
	// Size in bytes of the single file, if Files is nil.
	Size int64
	// Version; 0 means metainfo.V1.
	Version metainfo.Version
	// PadFiles aligns the files of a v1 torrent with pieces by padding files
	// (BEP 47). Hybrid torrents have them anyway, v2 torrents never.
	PadFiles bool
	// BitComet is PadFiles as BitComet made it: padding is known by its name alone.
	BitComet bool
	// Private is BEP 27's flag.
	Private bool
	// Metadata, if positive, is the length of the info dictionary in bytes: what it
	// lacks is made up by a key that means nothing.
	Metadata int
	// Trackers are announce URLs, each in a tier of its own (BEP 12).
	Trackers []string
}

// FileSpec is one file of a Spec.
type FileSpec struct {
	Path []string // below the torrent's name: valid file names
	Size int64    // bytes; may be 0
}

// Payload is a torrent with its content on disk, in a folder that is removed at
// the end of the test. Its fields may not be written to; its methods may be
// called from goroutines of the test at once.
type Payload struct {
	// Dir is the folder that holds the content: a file or a folder of the
	// torrent's name. It is what clients are told to save to.
	Dir string
	// Torrent is the .torrent file.
	Torrent []byte
	// TorrentPath is the path of the .torrent file on disk.
	TorrentPath string
	// Info is the info dictionary.
	Info *metainfo.Info
	// Hash is Info.ID(): v1 where there is one.
	Hash metainfo.InfoHash

	tb       testing.TB
	trackers []string
}

// MakePayload writes the content of spec to disk and makes its torrent. It needs
// memory for pieces' hashes alone, so gigabytes are fine.
func MakePayload(tb testing.TB, spec Spec) *Payload {
	tb.Helper()
	if spec.Name == "" {
		spec.Name = "payload"
	}
	p := &Payload{Dir: tb.TempDir(), tb: tb, trackers: spec.Trackers}
	root := filepath.Join(p.Dir, spec.Name)
	if spec.Files == nil {
		writeNoise(tb, root, spec.Seed, 0, spec.Size)
	}
	for i, f := range spec.Files {
		writeNoise(tb, filepath.Join(root, filepath.Join(f.Path...)), spec.Seed, uint64(i), f.Size)
	}
	t := makeTorrent(tb, root, spec)
	p.Info, p.Hash, p.Torrent = t.Info, t.Info.ID(), t.Encode()
	p.TorrentPath = writeTorrent(tb, p.Torrent)
	return p
}

// writeTorrent puts a .torrent file into a folder of its own.
func writeTorrent(tb testing.TB, torrent []byte) (path string) {
	tb.Helper()
	path = filepath.Join(tb.TempDir(), "payload.torrent")
	if err := os.WriteFile(path, torrent, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

// Path gives where a file of the torrent lies on disk. Padding lies nowhere.
func (p *Payload) Path(file *metainfo.File) string { return p.pathIn(p.Dir, file) }

func (p *Payload) pathIn(dir string, file *metainfo.File) string {
	return filepath.Join(slices.Concat([]string{dir, p.Info.Name}, p.Info.RawPath(file))...)
}

// SHA256 gives the digest, in hexadecimal, of n bytes of a file from off; n < 0
// means up to its end.
func (p *Payload) SHA256(file *metainfo.File, off, n int64) string {
	p.tb.Helper()
	if n < 0 {
		n = file.Length - off
	}
	sum, err := sha256Of(p.Path(file), off, n)
	if err != nil {
		p.tb.Fatalf("content of the torrent: %v", err)
	}
	return sum
}

// sha256Of hashes a range of a file, all of which there has to be.
func sha256Of(path string, off, n int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.CopyN(h, io.NewSectionReader(f, off, n), n); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// CheckCopy fails the test unless dir holds a copy of p.Dir, as a client leaves it
// after a download to dir. All files of the torrent must be there with the same
// SHA-256, and none longer.
func (p *Payload) CheckCopy(tb testing.TB, dir string) {
	tb.Helper()
	if err := p.compare(dir); err != nil {
		tb.Error(err)
	}
}

// compare says what of the torrent is not in dir as it is in p.Dir; nil where all is.
func (p *Payload) compare(dir string) error {
	var errs []error
	for i := range p.Info.Files {
		f := &p.Info.Files[i]
		if f.Pad {
			continue
		}
		path := p.pathIn(dir, f)
		if s, err := os.Stat(path); err != nil || s.Size() != f.Length {
			errs = append(errs, fmt.Errorf("%s: %v, of %d bytes expected", path, sizeOrError(s, err), f.Length))
			continue
		}
		got, err := sha256Of(path, 0, f.Length)
		if want := p.SHA256(f, 0, -1); err != nil || got != want {
			errs = append(errs, fmt.Errorf("%s: SHA-256 %s (error %v), want %s", path, got, err, want))
		}
	}
	return errors.Join(errs...)
}

func sizeOrError(s os.FileInfo, err error) any {
	if err != nil {
		return err
	}
	return s.Size()
}

// Magnet gives a link to the torrent, with its name, its trackers and peers
// ("host:port") as hints.
func (p *Payload) Magnet(peers ...string) string {
	m := metainfo.Magnet{Hashes: p.Info.Hashes(), Name: p.Info.Name, Trackers: p.trackers, Peers: peers}
	return m.String()
}

// Corrupt gives the same torrent with content in which every byte is wrong: what
// a liar seeds.
func (p *Payload) Corrupt(tb testing.TB) *Payload {
	tb.Helper()
	return p.CorruptEvery(tb, 1)
}

// CorruptEvery is Corrupt with one wrong byte in every n of a file, its first
// byte among them.
func (p *Payload) CorruptEvery(tb testing.TB, n int) *Payload {
	tb.Helper()
	bad := *p
	bad.tb, bad.Dir = tb, tb.TempDir()
	for i := range p.Info.Files {
		if f := &p.Info.Files[i]; !f.Pad {
			corruptFile(tb, p.Path(f), bad.Path(f), n)
		}
	}
	return &bad
}

// corruptFile copies a file with all bits inverted of one byte in every n.
func corruptFile(tb testing.TB, from, to string, n int) {
	tb.Helper()
	in, err := os.Open(from)
	if err != nil {
		tb.Fatal(err)
	}
	defer in.Close()
	writeFile(tb, to, &inverter{r: in, every: n})
}

// inverter reads what r has, with the complement of bytes 0, every, 2*every and
// so on in their place.
type inverter struct {
	r     io.Reader
	every int
	next  int // how many bytes are left before the next to invert
}

// Read reads and inverts.
func (i *inverter) Read(p []byte) (int, error) {
	n, err := i.r.Read(p)
	for ; i.next < n; i.next += i.every {
		p[i.next] = ^p[i.next]
	}
	i.next -= n
	return n, err
}

// writeFile writes what r has into a new file, whose folders it makes.
func writeFile(tb testing.TB, path string, r io.Reader) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		tb.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<20)
	_, err = io.Copy(w, r)
	if err == nil {
		err = w.Flush()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		tb.Fatalf("content of the torrent: %v", err)
	}
}
