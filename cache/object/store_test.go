package object_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/internal/fakestore"
	"github.com/btgw/btgw/metainfo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A fixture is a torrent, its content, and a store.
type fixture struct {
	content []byte
	torrent *metainfo.Torrent
	server  *fakestore.Server
	store   *object.Store
}

func newFixture(t *testing.T, version metainfo.Version, pieceLen int64, size int, private bool) *fixture {
	t.Helper()
	f := &fixture{content: make([]byte, size), server: fakestore.New(t)}
	rand.NewChaCha8([32]byte{7}).Read(f.content)
	mt, err := metainfo.Make(t.Context(), metainfo.MakeOptions{
		FS: fstest.MapFS{"film.mkv": {Data: f.content}}, Root: "film.mkv", Version: version, PieceLength: pieceLen, Private: private,
	})
	if err != nil {
		t.Fatal(err)
	}
	f.torrent = mt
	f.store = fakestore.Open(t, f.server.Serve("fleet/a"), nil)
	return f
}

// A piece is one in memory. It counts its releases.
type piece struct {
	*bytes.Reader
	released func()
}

func (p piece) Release() { p.released() }

// keep writes a run and waits for it. All pieces that it was given are released by then.
func (f *fixture) keep(t *testing.T, run int) error {
	t.Helper()
	var mu sync.Mutex
	lent := 0
	open := func(i int) (object.Piece, error) {
		mu.Lock()
		defer mu.Unlock()
		lent++
		off := f.torrent.Info.PieceOffset(i)
		return piece{bytes.NewReader(f.content[off : off+int64(f.torrent.Info.PieceSize(i))]), func() {
			mu.Lock()
			defer mu.Unlock()
			lent--
		}}, nil
	}
	done := make(chan error, 1)
	w := &object.Write{Info: f.torrent.Info, Run: run, Open: open, Done: func(err error) { done <- err }}
	if !f.store.Keep(func() *object.Write { return w }) {
		t.Fatal("the write was not taken")
	}
	err := await(t, done)
	mu.Lock()
	defer mu.Unlock()
	if lent != 0 {
		t.Errorf("%d pieces were not released", lent)
	}
	return err
}

// keepMetainfo writes the metainfo and waits for it.
func (f *fixture) keepMetainfo(t *testing.T) error {
	t.Helper()
	done := make(chan error, 1)
	if !f.store.KeepMetainfo(func() (*metainfo.Torrent, func(error)) { return f.torrent, func(err error) { done <- err } }) {
		t.Fatal("the write was not taken")
	}
	return await(t, done)
}

func await[T any](t *testing.T, c <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(time.Minute):
		t.Fatal("nothing came in a minute")
	}
	return v
}

func (f *fixture) read(ctx context.Context, run int, off, n int64) ([]byte, error) {
	rc, err := f.store.Read(ctx, f.torrent.Info, run, off, n)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	return io.ReadAll(rc)
}

func same(t *testing.T, what string, got, want []byte) {
	t.Helper()
	if sha256.Sum256(got) != sha256.Sum256(want) {
		t.Errorf("%s: %d bytes are not the %d that they should be", what, len(got), len(want))
	}
}

func TestARunIsKeptAndReadByRange(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 20<<20+77, false)
	info := f.torrent.Info
	if has, err := f.store.Runs(t.Context(), info); err != nil || has.Count(3) != 0 {
		t.Fatalf("an empty bucket has %d runs: %v", has.Count(3), err)
	}
	if _, err := f.read(t.Context(), 1, 0, 1); !errors.Is(err, object.ErrMissing) {
		t.Errorf("a run that is not there: %v", err)
	}
	for run := range 3 {
		if err := f.keep(t, run); err != nil {
			t.Fatal(err)
		}
	}
	id := info.ID().String()
	want := []string{"fleet/a/v1/" + id + "/0000000-8", "fleet/a/v1/" + id + "/0000008-8", "fleet/a/v1/" + id + "/0000016-5"}
	if keys := f.server.Keys(); !slices.Equal(keys, want) {
		t.Fatalf("the bucket has %q, want %q", keys, want)
	}
	same(t, "the last run", f.server.Get(want[2]), f.content[16<<20:])
	has, err := f.store.Runs(t.Context(), info)
	if err != nil || has.Count(3) != 3 {
		t.Fatalf("the bucket has %d runs of 3: %v", has.Count(3), err)
	}
	got, err := f.read(t.Context(), 1, 3<<20+5, 2<<20)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "a range", got, f.content[11<<20+5:13<<20+5])
	if s := f.store.Stats(); !s.Up || s.WrittenBytes != int64(len(f.content)) || s.ReadBytes != 2<<20 || s.Puts != 3 || s.Errors != 0 || s.Missing != 1 {
		t.Errorf("the counts are %+v", s)
	}
}

func TestAnObjectOfAnotherLengthIsAbsent(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 9<<20, false)
	at := "fleet/a/v1/" + f.torrent.Info.ID().String() + "/"
	f.server.Put(at+"0000000-8", f.content[:8<<20-1])
	f.server.Put(at+"0000008-1", f.content[8<<20:])
	for _, name := range []string{"0000000-7", "0000001-8", "8-1", "0000009-1", "-1-1", "x", "9999999-1", "0000008-1/x"} {
		f.server.Put(at+name, []byte("x"))
	}
	has, err := f.store.Runs(t.Context(), f.torrent.Info)
	if err != nil || has.Has(0) || !has.Has(1) {
		t.Errorf("the bucket has %08b: %v", has, err)
	}
}

// An answer that has nothing, or says that it has very much, is refused at once, and next to nothing of it is read.
func TestAnswersOfAnotherLength(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		length string
		body   []byte
	}{
		{"0", nil},
		{"1125899906842624", make([]byte, 1<<10)},
		{"9223372036854775807", make([]byte, 1<<10)},
	} {
		t.Run(tt.length, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
			f.server.Fail(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
				w.Header().Set("Content-Length", tt.length)
				w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
				w.Header().Set("ETag", `"x"`)
				w.WriteHeader(http.StatusPartialContent)
				_, _ = w.Write(tt.body)
				if tt.body != nil {
					_ = http.NewResponseController(w).Flush()
					<-r.Context().Done() // the rest never comes
				}
			})
			if got, err := f.read(t.Context(), 0, 0, 1<<20); err == nil {
				t.Errorf("%d bytes were read", len(got))
			}
			if s := f.store.Stats(); s.ReadBytes != 0 {
				t.Errorf("the counts are %+v", s)
			}
		})
	}
}

// A metainfo object that says that it is very large counts as absent, and is not read.
func TestMetainfoOfAnotherLength(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
	f.server.Fail(func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		w.Header().Set("Content-Length", "1125899906842624")
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		_, _ = w.Write([]byte("d"))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	if _, err := f.store.Metainfo(t.Context(), f.torrent.Info.ID(), nil); !errors.Is(err, object.ErrMissing) {
		t.Errorf("the metainfo: %v", err)
	}
	if s := f.store.Stats(); s.ReadBytes != 0 || !s.Up {
		t.Errorf("the counts are %+v", s)
	}
}

func TestMetainfoIsKeptWithoutWhatCannotBeProved(t *testing.T) {
	t.Parallel()
	for _, version := range []metainfo.Version{metainfo.V1, metainfo.V2, metainfo.Hybrid} {
		f := newFixture(t, version, 16<<10, 100<<10, false)
		f.torrent.Trackers = [][]string{{"http://tracker.example/announce"}}
		if err := f.keepMetainfo(t); err != nil {
			t.Fatal(err)
		}
		for _, ih := range f.torrent.Info.Hashes() {
			got, err := f.store.Metainfo(t.Context(), ih, nil)
			if err != nil {
				t.Fatalf("%v: %v", ih, err)
			}
			if !bytes.Equal(got.Info.Raw(), f.torrent.Info.Raw()) || len(got.Layers) != len(f.torrent.Layers) || len(got.Trackers) != 0 {
				t.Errorf("%v: %d layers, trackers %v", ih, len(got.Layers), got.Trackers)
			}
		}
	}
}

func TestWrongMetainfoIsMissing(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 16<<10, 100<<10, false)
	other := newFixture(t, metainfo.V1, 16<<10, 101<<10, false)
	at := "fleet/a/v1/" + f.torrent.Info.ID().String() + "/metainfo"
	for name, data := range map[string][]byte{"empty": nil, "no bencode": []byte("x"), "another torrent": other.torrent.Encode()} {
		f.server.Put(at, data)
		if _, err := f.store.Metainfo(t.Context(), f.torrent.Info.ID(), nil); !errors.Is(err, object.ErrMissing) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if s := f.store.Stats(); s.Wrong != 3 || !s.Up {
		t.Errorf("the counts are %+v", s)
	}
}

func TestNamesAreKept(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 16<<10, 100<<10, false)
	target := [20]byte{0xab, 19: 1}
	if _, err := f.store.Name(t.Context(), target); !errors.Is(err, object.ErrMissing) {
		t.Errorf("a name that is not there: %v", err)
	}
	const key = "fleet/a/v1/names/ab00000000000000000000000000000000000001"
	for _, item := range []string{"one", "two"} {
		f.store.KeepName(target, []byte(item))
		for end := time.Now().Add(time.Minute); string(f.server.Get(key)) != item; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("the bucket has %q", f.server.Keys())
			}
		}
		if got, err := f.store.Name(t.Context(), target); err != nil || string(got) != item {
			t.Errorf("%q, %v", got, err)
		}
	}
	f.server.Put(key, make([]byte, 1<<20))
	if got, err := f.store.Name(t.Context(), target); !errors.Is(err, object.ErrMissing) || f.store.Stats().ReadBytes > 100 {
		t.Errorf("%d bytes, %v, of which %+v", len(got), err, f.store.Stats())
	}
	if n, err := f.store.Sweep(t.Context(), func(metainfo.InfoHash) bool { return true }); err != nil || n != 0 || len(f.server.Keys()) != 1 {
		t.Errorf("%d torrents were purged, the bucket has %q: %v", n, f.server.Keys(), err)
	}
}

func TestNoMetainfoOfPrivateTorrentsIsKept(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 16<<10, 100<<10, true)
	if err := f.keepMetainfo(t); err != nil || len(f.server.Keys()) != 0 {
		t.Errorf("the bucket has %q: %v", f.server.Keys(), err)
	}
}

func TestPurgeTakesBothHashesOfAHybrid(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.Hybrid, 16<<10, 100<<10, false)
	other := newFixture(t, metainfo.V1, 16<<10, 100<<10, false)
	f.server.Put("fleet/a/v1/"+other.torrent.Info.ID().String()+"/0000000-7", f.content)
	if err := errors.Join(f.keepMetainfo(t), f.keep(t, 0)); err != nil {
		t.Fatal(err)
	}
	hashes := f.torrent.Info.Hashes()
	n, err := f.store.Purge(t.Context(), hashes[len(hashes)-1])
	if keys := f.server.Keys(); err != nil || n != 3 || len(keys) != 1 {
		t.Errorf("%d objects were deleted, %q are left: %v", n, keys, err)
	}
}

func TestSweepPurgesWhatIsDenied(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 16<<10, 100<<10, false)
	denied := metainfo.NewV1([20]byte{1})
	for i := range 3 {
		f.server.Put(fmt.Sprintf("fleet/a/v1/%v/%07d-1", denied, i), []byte("x"))
	}
	kept := "fleet/a/v1/" + metainfo.NewV1([20]byte{2}).String() + "/metainfo"
	f.server.Put(kept, []byte("x"))
	f.server.Put("fleet/a/v1/somebody's", []byte("x"))
	n, err := f.store.Sweep(t.Context(), func(ih metainfo.InfoHash) bool { return ih == denied })
	if keys := f.server.Keys(); err != nil || n != 1 || !slices.Equal(keys, []string{kept, "fleet/a/v1/somebody's"}) {
		t.Errorf("%d torrents were purged, the bucket has %q: %v", n, keys, err)
	}
}

func TestTwoWriteOneObjectAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
	second := *f
	second.store = fakestore.Open(t, f.server.Serve("fleet/a"), nil)
	var both sync.WaitGroup
	for range 10 {
		for _, f := range []*fixture{f, &second} {
			both.Go(func() {
				if err := f.keep(t, 0); err != nil {
					t.Error(err)
				}
			})
		}
		got, err := f.read(t.Context(), 0, 0, 8<<20)
		if err == nil {
			same(t, "while it is written", got, f.content)
		} else if !errors.Is(err, object.ErrMissing) {
			t.Error(err)
		}
	}
	both.Wait()
	got, err := f.read(t.Context(), 0, 0, 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "what two wrote", got, f.content)
}

// errGone is the error of a piece that is not there any more.
var errGone = errors.New("it is gone")

func TestARunThatIsNotWholeIsNotWritten(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
	released := 0
	whole := func(int) (object.Piece, error) {
		return piece{bytes.NewReader(f.content[:1<<20]), func() { released++ }}, nil
	}
	short := func(int) (object.Piece, error) {
		return piece{bytes.NewReader(f.content[:1<<19]), func() { released++ }}, nil
	}
	for name, open := range map[string]func(i int) (object.Piece, error){
		"a piece is gone": func(i int) (object.Piece, error) {
			if i == 5 {
				return nil, errGone
			}
			return whole(i)
		},
		"a piece is lost while it is read": func(i int) (object.Piece, error) {
			if i == 5 {
				return short(i)
			}
			return whole(i)
		},
	} {
		t.Run(name, func(t *testing.T) {
			done := make(chan error, 1)
			f.store.Keep(func() *object.Write {
				return &object.Write{Info: f.torrent.Info, Open: open, Done: func(err error) { done <- err }}
			})
			if err := await(t, done); err == nil || len(f.server.Keys()) != 0 || !f.store.Up() {
				t.Errorf("%v; the bucket has %q", err, f.server.Keys())
			}
		})
	}
	if released != 5+8 {
		t.Errorf("%d pieces were released, 13 were lent", released)
	}
}

func TestAStoreThatFailsRestsAndComesBack(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakestore.Fault{
		"500":                 fakestore.Refuse(http.StatusInternalServerError, "InternalError"),
		"503":                 fakestore.Refuse(http.StatusServiceUnavailable, "SlowDown"),
		"expired credentials": fakestore.Refuse(http.StatusBadRequest, "ExpiredToken"),
		"a wrong clock":       fakestore.Refuse(http.StatusForbidden, "RequestTimeTooSkewed"),
		"a key of nobody":     fakestore.Refuse(http.StatusForbidden, "InvalidAccessKeyId"),
		"no bucket":           fakestore.Refuse(http.StatusNotFound, "NoSuchBucket"),
		"cut":                 func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) },
		"torn":                fakestore.Torn(1000),
		"HTML":                func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { _, _ = io.WriteString(w, "<html>") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
			if err := f.keep(t, 0); err != nil {
				t.Fatal(err)
			}
			f.server.Fail(fault)
			if _, err := f.read(t.Context(), 0, 0, 1<<20); err == nil || errors.Is(err, object.ErrMissing) {
				t.Fatalf("the read ended with %v", err)
			}
			if s := f.store.Stats(); s.Errors != 1 || s.LastError == "" {
				t.Errorf("the counts are %+v", s)
			}
			f.server.Fail(nil)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := f.store.Await(ctx); err != nil {
				t.Fatal(err)
			}
			got, err := f.read(t.Context(), 0, 0, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "after that", got, f.content[:1<<20])
		})
	}
}

// A logged is what was logged, by level.
type logged struct {
	slog.Handler
	mu    sync.Mutex
	lines map[slog.Level]int
}

func (l *logged) Enabled(context.Context, slog.Level) bool { return true }

func (l *logged) Handle(_ context.Context, r slog.Record) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines[r.Level]++
	return nil
}

// The store's clock is wrong, or the key in AWS's file expires. It is counted and logged once, and what is mended is seen
// without a restart: a file that was renewed is read again.
func TestCredentialsAndClocksAreMended(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	write := func(key string) {
		t.Helper()
		if err := os.WriteFile(file, fmt.Appendf(nil, "[default]\naws_access_key_id = %s\naws_secret_access_key = secret\n", key), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "", "AWS_ACCESS_KEY": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SECRET_KEY": "", "AWS_PROFILE": "",
		"AWS_SHARED_CREDENTIALS_FILE": file, "AWS_CONFIG_FILE": filepath.Join(t.TempDir(), "none"),
	} {
		t.Setenv(name, value)
	}
	for _, tt := range []struct {
		name  string
		fault fakestore.Fault
		mend  func(*fakestore.Server)
	}{
		{"the key expires", fakestore.Expired("NEWKEY"), func(*fakestore.Server) { write("NEWKEY") }},
		{"the clock is ahead", fakestore.Clock(time.Hour), func(s *fakestore.Server) { s.Fail(fakestore.Clock(time.Minute)) }},
		{"the clock is behind", fakestore.Clock(-time.Hour), func(s *fakestore.Server) { s.Fail(fakestore.Clock(-time.Minute)) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			write("OLDKEY")
			f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
			log := &logged{lines: make(map[slog.Level]int)}
			var err error
			if f.store, err = object.Open(object.Config{Location: f.server.Serve("fleet/a"), Log: slog.New(log)}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(f.store.Close)
			if err := f.keep(t, 0); err != nil {
				t.Fatal(err)
			}
			tried := make(chan struct{}, 100)
			f.server.Fail(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
				tt.fault(w, r, next)
				tried <- struct{}{}
			})
			for range 2 {
				if _, err := f.read(t.Context(), 0, 0, 1<<20); err == nil || errors.Is(err, object.ErrMissing) {
					t.Fatalf("the read ended with %v", err)
				}
			}
			if s := f.store.Stats(); s.Errors != 2 || s.Up {
				t.Errorf("the counts are %+v", s)
			}
			for range 3 { // the two reads, and a try in vain
				await(t, tried)
			}
			if f.store.Stats().Up {
				t.Error("it is back before it was mended")
			}
			tt.mend(f.server)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if err := f.store.Await(ctx); err != nil {
				t.Fatal(err)
			}
			got, err := f.read(t.Context(), 0, 0, 1<<20)
			if err != nil {
				t.Fatal(err)
			}
			same(t, "after that", got, f.content[:1<<20])
			if log.lines[slog.LevelWarn] != 1 || log.lines[slog.LevelInfo] != 1 || len(log.lines) != 2 {
				t.Errorf("lines in the log by level: %v", log.lines)
			}
		})
	}
}

func TestWhatTheCallerEndsIsNoFailure(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
	if err := f.keep(t, 0); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	rc, err := f.store.Read(ctx, f.torrent.Info, 0, 0, 8<<20)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if _, err := io.Copy(io.Discard, rc); !errors.Is(err, context.Canceled) {
		t.Errorf("the read ended with %v", err)
	}
	if err := rc.Close(); err != nil {
		t.Error(err)
	}
	if s := f.store.Stats(); !s.Up || s.Errors != 0 {
		t.Errorf("the counts are %+v", s)
	}
}

func TestAClosedStoreAnswersAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t, metainfo.V1, 1<<20, 8<<20, false)
	f.server.Fail(fakestore.Refuse(http.StatusInternalServerError, "InternalError"))
	if _, err := f.store.Runs(t.Context(), f.torrent.Info); err == nil {
		t.Fatal("the store did not fail")
	}
	f.store.Close()
	if _, err := f.store.Runs(t.Context(), f.torrent.Info); !errors.Is(err, object.ErrClosed) {
		t.Errorf("a list ended with %v", err)
	}
	if _, err := f.read(t.Context(), 0, 0, 1); !errors.Is(err, object.ErrClosed) {
		t.Errorf("a read ended with %v", err)
	}
	if err := f.store.Await(t.Context()); !errors.Is(err, object.ErrClosed) {
		t.Errorf("the wait ended with %v", err)
	}
	if f.store.Keep(func() *object.Write { return nil }) {
		t.Error("a write was taken")
	}
}
