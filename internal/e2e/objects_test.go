package e2e

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/btgw/btgw/cache/object"
	"github.com/btgw/btgw/internal/clients"
)

var objectKills = flag.Int("objects.kills", 4, "how often TestObjectStoreKills kills a btgw")

// withObjects starts a btgw with an object store.
func withObjects(t *testing.T, store *clients.Versity) *btgw {
	return start(t, options{args: []string{"--object-store=" + store.URL()}, env: store.Env()})
}

// objects is what a btgw says of its object store.
func (g *btgw) objects() object.Stats {
	g.t.Helper()
	var report struct {
		Objects *object.Stats `json:"object_store"`
	}
	g.json(g.admin+"/api/v1/cache", &report)
	if report.Objects == nil {
		g.t.Fatal("there is no object store")
	}
	return *report.Objects
}

// contentOf is what the only file of a payload holds.
func contentOf(t *testing.T, p *clients.Payload) []byte {
	t.Helper()
	content, err := os.ReadFile(p.Path(files(p)[0]))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// runsIn returns how many runs of a payload are in the store. Each is right as far as it goes. One that is shorter is
// not there for btgw: versitygw may have, for a moment or for good, what came of an upload that was cut.
func runsIn(t *testing.T, store *clients.Versity, p *clients.Payload) (n int) {
	t.Helper()
	content := contentOf(t, p)
	dir := filepath.Join(store.Dir(), p.Info.ID().String())
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "metainfo" {
			return err
		}
		got, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		first, _, _ := strings.Cut(d.Name(), "-")
		piece, err := strconv.Atoi(first)
		if err != nil {
			return err
		}
		off := p.Info.PieceOffset(piece)
		end := min(off+8<<20, int64(len(content)))
		if !bytes.HasPrefix(content[off:end], got) {
			t.Errorf("%s has %d bytes that are not those from %d to %d", d.Name(), len(got), off, end)
		}
		if int64(len(got)) == end-off {
			n++
		}
		return nil
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return n
}

// TestObjectStore: what was read twice is in a real store, whence a gateway that has neither metadata nor peers serves it.
// It serves as well when the store is gone, and what is purged leaves the store.
func TestObjectStore(t *testing.T) {
	t.Parallel()
	store := clients.StartVersity(t)
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	p := clients.MakePayload(t, clients.Spec{Name: "film.bin", Seed: 900, PieceLength: 256 << 10, Size: 20<<20 + 99})
	other := clients.MakePayload(t, clients.Spec{Name: "other.bin", Seed: 901, PieceLength: 256 << 10, Size: 1 << 20})
	seeder.Seed(p, false)
	seeder.Seed(other, false)
	first := withObjects(t, store)
	for range 2 {
		first.wants(t, p, hints(nil, seeder.Addr()))
	}
	await(t, "the store has all runs and the metainfo", func() bool { return first.objects().Puts == 4 && first.objects().WrittenBytes > 20<<20+99 })
	if n := runsIn(t, store, p); n != 3 {
		t.Errorf("%d runs of 3 are in the store", n)
	}

	second := withObjects(t, store)
	second.wants(t, p, "")
	if st := second.objects(); !st.Up || st.ReadBytes < 20<<20+99 || st.Wrong != 0 || st.Errors != 0 {
		t.Errorf("the second gateway says %+v", st)
	}
	if out, err := exec.Command(program, "cache", "evict", "--purge", "--admin-listen="+strings.TrimPrefix(second.admin, "http://"), p.Info.ID().String()).CombinedOutput(); err != nil {
		t.Errorf("cache evict --purge: %v: %s", err, out)
	}
	if n := runsIn(t, store, p); n != 0 {
		t.Errorf("%d runs are in the store after they were purged", n)
	}
	store.Stop()
	second.wants(t, other, hints(nil, seeder.Addr()))
}

// TestObjectStoreKeyIsRenewed: the key in AWS's file is wrong. Readers get all from the swarm, and once the file has the right
// key the store is in use, without a restart.
func TestObjectStoreKeyIsRenewed(t *testing.T) {
	t.Parallel()
	store := clients.StartVersity(t)
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	p := clients.MakePayload(t, clients.Spec{Name: "film.bin", Seed: 903, PieceLength: 256 << 10, Size: 8 << 20})
	seeder.Seed(p, false)
	file := filepath.Join(t.TempDir(), "credentials")
	write := func(secret string) {
		t.Helper()
		user, _ := store.Key()
		if err := os.WriteFile(file, fmt.Appendf(nil, "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n", user, secret), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a-secret-that-expired")
	g := start(t, options{args: []string{"--object-store=" + store.URL()}, env: []string{"AWS_SHARED_CREDENTIALS_FILE=" + file}})
	g.wants(t, p, hints(nil, seeder.Addr()))
	await(t, "the store lets nobody in", func() bool { st := g.objects(); return !st.Up && st.Errors > 0 })
	_, secret := store.Key()
	write(secret)
	await(t, "the store lets us in", func() bool { return g.objects().Up })
	await(t, "the store has the run", func() bool {
		g.wants(t, p, "")
		return runsIn(t, store, p) == 1
	})
}

// TestObjectStoreKills: two gateways write the same objects at once, and both are killed meanwhile. What they leave is
// right or refused, and another one writes what is missing.
func TestObjectStoreKills(t *testing.T) {
	t.Parallel()
	store := clients.StartVersity(t)
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	p := clients.MakePayload(t, clients.Spec{Name: "film.bin", Seed: 902, PieceLength: 256 << 10, Size: 24 << 20})
	seeder.Seed(p, false)
	random := rand.New(rand.NewPCG(*killSeed, 2))
	written := 0
	for killed := 0; killed < *objectKills; killed += 2 {
		var moments [2]time.Duration
		for i := range moments {
			moments[i] = time.Duration(random.Int64N(int64(400 * time.Millisecond)))
		}
		t.Run(fmt.Sprintf("kills %d and %d", killed, killed+1), func(t *testing.T) {
			killWhileWriting(t, store, p, seeder.Addr(), moments)
			written = max(written, runsIn(t, store, p))
			readable(t, store, p)
		})
		if err := os.RemoveAll(filepath.Join(store.Dir(), p.Info.ID().String())); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("at most %d runs were whole when both were killed", written)
	g := withObjects(t, store)
	g.wants(t, p, hints(nil, seeder.Addr()))
	g.wants(t, p, "")
	await(t, "the store has all runs", func() bool { return runsIn(t, store, p) == 3 })
}

// killWhileWriting has two gateways write the runs of a payload, and kills each so long after that began.
func killWhileWriting(t *testing.T, store *clients.Versity, p *clients.Payload, peer string, moments [2]time.Duration) {
	t.Helper()
	var gates [len(moments)]*btgw
	for i := range gates {
		gates[i] = withObjects(t, store)
		gates[i].wants(t, p, hints(nil, peer))
	}
	var ends sync.WaitGroup
	for i, g := range gates {
		ends.Go(func() { g.get(g.urlOf(p, files(p)[0], "")) }) // the second read has the runs written
		ends.Go(func() {
			time.Sleep(moments[i]) // which is what the test is about
			g.kill()
		})
	}
	ends.Wait()
}

// readable reads all that the store gives of a payload, as btgw does: it is right, or refused.
func readable(t *testing.T, store *clients.Versity, p *clients.Payload) {
	t.Helper()
	at, err := object.ParseLocation(store.URL())
	if err != nil {
		t.Fatal(err)
	}
	user, secret := store.Key()
	s, err := object.Open(object.Config{Location: at, Credentials: credentials.NewStaticV4(user, secret, "")})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	has, err := s.Runs(t.Context(), p.Info)
	if err != nil {
		t.Fatal(err)
	}
	content, layout := contentOf(t, p), object.NewLayout(p.Info)
	for run := range layout.Runs() {
		if !has.Has(run) {
			continue
		}
		first, _ := layout.Pieces(run)
		size := layout.Size(run)
		body, err := s.Read(t.Context(), p.Info, run, 0, size)
		if err != nil {
			t.Logf("run %d is refused: %v", run, err)
			continue
		}
		got, err := io.ReadAll(body)
		body.Close()
		if off := p.Info.PieceOffset(first); err != nil || !bytes.Equal(got, content[off:off+size]) {
			t.Errorf("run %d is wrong, or cut after %d bytes of %d: %v", run, len(got), size, err)
		}
	}
}
