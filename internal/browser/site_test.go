package browser

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/fetch"
	"github.com/btgw/btgw/gateway"
	"github.com/btgw/btgw/internal/clients"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A site is a gateway on a loopback socket, with torrents in memory.
type site struct {
	*torrents
	url string // of the server, without a slash at its end
}

// serve starts a gateway and ends it with the test.
func serve(t testing.TB, change func(*gateway.Config)) *site {
	t.Helper()
	backend := &torrents{all: make(map[metainfo.InfoHash]*torrent)}
	cfg := gateway.Config{Backend: backend, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&cfg)
	}
	s, err := gateway.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return &site{backend, "http://" + clients.Serve(t, s, true)}
}

// torrents is a backend that has them in memory. What pages do not need is not there.
type torrents struct {
	gateway.Backend
	mu     sync.Mutex
	all    map[metainfo.InfoHash]*torrent
	hidden chan struct{} // until it is closed nothing is known; nil: all is
	infos  int           // searches that were begun
}

// A torrent is one with its content.
type torrent struct {
	*metainfo.Torrent
	files map[int][]byte // by File.Index
	swarm func(*fetch.Status)
}

func (b *torrents) find(hash metainfo.InfoHash) (*torrent, chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.all[hash], b.hidden
}

// hide has nothing known until the channel is closed.
func (b *torrents) hide(until chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hidden = until
}

func (b *torrents) Info(ctx context.Context, hash metainfo.InfoHash, _ fetch.Hints) (*metainfo.Info, error) {
	switch hash {
	case metainfo.NewV1(private):
		return nil, fetch.ErrPrivate
	case metainfo.NewV1(busy):
		return nil, fetch.ErrBusy
	}
	t, hidden := b.find(hash)
	b.mu.Lock()
	b.infos++
	b.mu.Unlock()
	if hidden == nil && t != nil {
		return t.Info, nil
	}
	select {
	case <-hidden:
		return t.Info, nil
	case <-ctx.Done():
	}
	if !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, ctx.Err()
	}
	return nil, &fetch.UnavailableError{Stage: fetch.StageMetadata, Status: fetch.Status{Unchoked: 1,
		Swarm: peer.SwarmStats{TrackersAsked: 3, TrackersFailed: 2, Known: 7, Connected: 4}}}
}

func (b *torrents) Known(hash metainfo.InfoHash) (*metainfo.Info, bool) {
	t, hidden := b.find(hash)
	if t == nil {
		return nil, false
	}
	if hidden != nil {
		select {
		case <-hidden:
		default:
			return nil, false
		}
	}
	return t.Info, true
}

func (b *torrents) Cached(metainfo.InfoHash, *metainfo.File, int64, int64) fetch.Held {
	return fetch.Held{Any: true, All: true}
}

func (b *torrents) Status(hash metainfo.InfoHash) (fetch.Status, bool) {
	t, _ := b.find(hash)
	if t == nil {
		return fetch.Status{}, false
	}
	status := fetch.Status{InfoHash: hash, Hash: hash.String(), Name: t.Info.Name, Size: t.Info.Size(), Pieces: t.Info.NumPieces(), HaveInfo: true}
	if t.swarm != nil {
		t.swarm(&status)
	}
	return status, true
}

func (b *torrents) Open(_ context.Context, hash metainfo.InfoHash, _ fetch.Hints, file *metainfo.File, off, n int64) (fetch.Content, error) {
	t, _ := b.find(hash)
	if t == nil {
		return nil, fetch.ErrUnknown
	}
	return &content{data: t.files[int(file.Index)][off : off+n]}, nil
}

func (b *torrents) OpenHeld(hash metainfo.InfoHash, _ fetch.Hints, file int, off, n int64) (fetch.Content, bool) {
	t, _ := b.find(hash)
	if t == nil {
		return nil, false
	}
	return &content{data: t.files[file][off : off+n]}, true
}

// Add takes what is uploaded; it has no content.
func (b *torrents) Add(_ context.Context, t *metainfo.Torrent) (metainfo.InfoHash, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[t.Info.ID()] = &torrent{Torrent: t}
	return t.Info.ID(), nil
}

// content is a range in memory.
type content struct {
	data []byte
	lone time.Duration
}

func (c *content) Wait(context.Context) error {
	if len(c.data) == 0 {
		return io.EOF
	}
	return nil
}

func (c *content) WriteNext(w io.Writer) (int64, error) {
	n, err := w.Write(c.data[:min(len(c.data), fetch.MaxWrite)])
	c.data = c.data[n:]
	return int64(n), err
}

func (c *content) Lone() time.Duration { return c.lone }

func (c *content) Close() {}

// add makes a torrent of files ("" for the one of a single-file torrent) and keeps their content.
func (b *torrents) add(t testing.TB, name string, files map[string][]byte) *torrent {
	t.Helper()
	tree := fstest.MapFS{}
	for path, data := range files {
		tree[strings.TrimSuffix(name+"/"+path, "/")] = &fstest.MapFile{Data: data, Mode: 0o644}
	}
	made, err := metainfo.Make(t.Context(), metainfo.MakeOptions{FS: fs.FS(tree), Root: name, Version: metainfo.V1, PieceLength: 16 << 10})
	if err != nil {
		t.Fatal(err)
	}
	kept := &torrent{Torrent: made, files: make(map[int][]byte)}
	for i := range made.Info.Files {
		path := strings.Join(made.Info.Path(&made.Info.Files[i]), "/")
		kept.files[i] = files[path]
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all[made.Info.ID()] = kept
	return kept
}

// path is that of the torrent on the server, with a slash at its end.
func (t *torrent) path() string { return t.Info.ID().Path() + "/" }

// film makes one of some seconds, by the container that its name says.
func film(t testing.TB, name string) []byte {
	t.Helper()
	p := clients.MakeFilm(t, clients.FilmSpec{Name: name, Seconds: 6, Size: "320x180", Rate: 200_000})
	data, err := fs.ReadFile(os.DirFS(p.Dir), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// odd is a torrent with names that strangers choose.
func (b *torrents) odd(t testing.TB) *torrent {
	files := make(map[string][]byte)
	for i, name := range []string{"Season 2/Episode 10.mkv", "Season 2/Episode 9.mkv", "Season 10/extra/notes.txt", "<script>alert(1)</script>.js",
		"100% C++ & \"quotes\".txt", "colon: or?#.html", "right\u202eto-left.txt", "new\nline.txt", "empty"} {
		files[name] = random(uint64(i), i*1000)
	}
	return b.add(t, "A <b> & c", files)
}

// random is n bytes that depend on seed alone.
func random(seed uint64, n int) []byte {
	out := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(seed)}).Read(out)
	return out
}

// numbered are files with a number in their names, from 1.
func numbered(n int, pattern string, content func(i int) []byte) map[string][]byte {
	files := make(map[string][]byte)
	for i := range n {
		files[fmt.Sprintf(pattern, i+1)] = content(i)
	}
	return files
}
