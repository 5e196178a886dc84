package names

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"log/slog"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/metainfo"
	"github.com/btgw/btgw/peer/discovery/dht"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testKey = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{3}, ed25519.SeedSize))

func hash(b byte) metainfo.InfoHash {
	return metainfo.NewV1([20]byte(bytes.Repeat([]byte{b}, 20)))
}

// fakeDHT stores items, and answers after a time.
type fakeDHT struct {
	mu     sync.Mutex
	items  map[[20]byte]dht.Item
	gets   int
	puts   []int64 // sequence numbers
	takes  time.Duration
	broken bool // nobody answers, and no node takes anything
}

func newFakeDHT() *fakeDHT { return &fakeDHT{items: make(map[[20]byte]dht.Item)} }

func (d *fakeDHT) Get(ctx context.Context, key [32]byte, salt []byte, _ netip.Prefix) (dht.Item, error) {
	d.mu.Lock()
	d.gets++
	it, ok := d.items[dht.ItemTarget(key, salt)]
	takes, broken := d.takes, d.broken
	d.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return dht.Item{}, ctx.Err()
	}
	if !ok || broken {
		return dht.Item{}, dht.ErrNoItem
	}
	return it, nil
}

func (d *fakeDHT) Put(_ context.Context, it dht.Item) (int, *dht.Item, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.puts = append(d.puts, it.Seq)
	target := dht.ItemTarget(it.Key, it.Salt)
	if old, ok := d.items[target]; ok && (old.Seq > it.Seq || old.Seq == it.Seq && string(old.Value) != string(it.Value)) {
		return 0, &old, nil
	}
	if d.broken {
		return 0, nil, errors.New("nobody")
	}
	d.items[target] = it
	return 8, nil, nil
}

func (d *fakeDHT) set(t *testing.T, it dht.Item) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.items[dht.ItemTarget(it.Key, it.Salt)] = it
}

// change changes how it behaves.
func (d *fakeDHT) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// asked is how many lookups there were.
func (d *fakeDHT) asked() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gets
}

// said is the sequence number of each put.
func (d *fakeDHT) said() []int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.puts)
}

// has is what is stored of a name of the test's key.
func (d *fakeDHT) has(salt string) dht.Item {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.items[dht.ItemTarget(name(salt).Key, []byte(salt))]
}

func signed(t *testing.T, salt string, seq int64, h metainfo.InfoHash) dht.Item {
	t.Helper()
	it, err := dht.SignItem(testKey, []byte(salt), seq, encode(h))
	if err != nil {
		t.Fatal(err)
	}
	return it
}

func name(salt string) Name { return Name{Key: [32]byte(testKey[32:]), Salt: salt} }

// Names survive being written in each of their forms, and what is no name is refused.
func TestForms(t *testing.T) {
	for _, salt := range []string{"", "films", "a b/ü%", strings.Repeat("x", 64)} {
		n := name(salt)
		got, err := ParseMagnet(n.Magnet())
		if err != nil || got != n {
			t.Errorf("%q: %+v, %v", n.Magnet(), got, err)
		}
		if got, err := Parse(n.KeyText(), n.SaltText()); err != nil || got != n {
			t.Errorf("%q: %+v, %v", n.Path(), got, err)
		}
	}
	if got := name("a b/ü").Path(); got != "/btpk/"+name("").KeyText()+"/a%20b%2F%C3%BC" {
		t.Error(got)
	}
	key := name("").KeyText()
	for _, link := range []string{"", "magnet:?xs=urn:btpk:" + key[1:], "magnet:?xs=urn:btpk:" + key + "&s=zz", "magnet:?xt=urn:btih:" + key[:40],
		"magnet:?xs=urn:btpk:" + key + "&s=" + strings.Repeat("61", 65), "magnet:?xs=urn:btpk:" + key + "&s=2d", "http://x/?xs=urn:btpk:" + key} {
		if n, err := ParseMagnet(link); !errors.Is(err, ErrName) {
			t.Errorf("%q is %+v", link, n)
		}
	}
}

// The backup of a key is the key; a letter that is wrong is noticed.
func TestBackup(t *testing.T) {
	line := Backup(testKey)
	key, err := ParseBackup(" " + strings.ToUpper(line) + "\n")
	if err != nil || !key.Equal(testKey) {
		t.Fatalf("%v of %q", err, line)
	}
	for i := len(backupPrefix); i < len(line); i++ {
		other := line[:i] + string("ab"[min(1, int(line[i])&1)]) + line[i+1:]
		if other == line {
			continue
		}
		if key, err := ParseBackup(other); err == nil && !key.Equal(testKey) {
			t.Errorf("letter %d is wrong, and it is a key", i)
		}
	}
	dir := filepath.Join(t.TempDir(), "names")
	if key, err := LoadKey(dir); key != nil || err != nil {
		t.Fatal(key, err)
	}
	if err := ImportKey(dir, testKey); err != nil {
		t.Fatal(err)
	}
	if key, made, err := EnsureKey(dir); !key.Equal(testKey) || made || err != nil {
		t.Error("the key is another one", made, err)
	}
	if err := ImportKey(dir, ed25519.NewKeyFromSeed(make([]byte, 32))); !errors.Is(err, ErrOtherKey) {
		t.Error(err)
	}
	info, err := os.Stat(keyFile(dir).Path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Error("others may read the key", info.Mode(), err)
	}
}

// A name is asked for once by all, and again when what is known is old; it never goes back, over
// restarts neither, and holds while nobody answers.
func TestResolve(t *testing.T) {
	file := filepath.Join(t.TempDir(), "names")
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		d.change(func() { d.takes = time.Second })
		d.set(t, signed(t, "n", 5, hash(5)))
		b := OpenBook(d, nil, file, nil)
		var wg sync.WaitGroup
		for range 50 {
			wg.Go(func() {
				if got, err := b.Resolve(t.Context(), name("n"), Ask{}); err != nil || got != (Target{hash(5), 5}) {
					t.Error(got, err)
				}
			})
		}
		wg.Wait()
		wants := func(what string, ask Ask, want Target, gets int) {
			t.Helper()
			before := d.asked()
			if got, err := b.Resolve(t.Context(), name("n"), ask); err != nil || got != want || d.asked()-before != gets {
				t.Errorf("%s: %+v, %v, %d lookups", what, got, err, d.asked()-before)
			}
		}
		if d.asked() != 1 {
			t.Errorf("%d lookups", d.asked())
		}
		d.set(t, signed(t, "n", 7, hash(7)))
		wants("soon after", Ask{}, Target{hash(5), 5}, 0)
		wants("anew, at once", Ask{Anew: true}, Target{hash(5), 5}, 0)
		time.Sleep(anewTime)
		wants("anew", Ask{Anew: true}, Target{hash(7), 7}, 1)
		d.set(t, signed(t, "n", 6, hash(6)))
		time.Sleep(freshTime)
		wants("a node that is behind", Ask{}, Target{hash(7), 7}, 1)
		d.change(func() { d.broken = true })
		time.Sleep(freshTime)
		wants("nobody answers", Ask{}, Target{hash(7), 7}, 1)
		d.change(func() { d.broken = false })
		b.Close()
		b = OpenBook(d, nil, file, nil)
		wants("another run", Ask{}, Target{hash(7), 7}, 1)
		d.set(t, signed(t, "n", 8, hash(8)))
		d.change(func() { d.takes = time.Minute })
		time.Sleep(freshTime)
		begun := time.Now()
		wants("a slow DHT", Ask{}, Target{hash(7), 7}, 1)
		if took := time.Since(begun); took != staleWait {
			t.Errorf("what is known was held back for %v", took)
		}
		d.change(func() { d.takes = 0 })
		begun = time.Now()
		if _, err := b.Resolve(t.Context(), name("none"), Ask{}); !errors.Is(err, ErrUnknown) || time.Since(begun) != 0 {
			t.Error(err, time.Since(begun))
		}
		b.Close()
		if _, err := b.Resolve(t.Context(), name("other"), Ask{}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}

// Lookups at once and names are bounded.
func TestBookBounds(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		d.change(func() { d.takes = time.Second })
		b := OpenBook(d, nil, "", nil)
		defer b.Close()
		salt := func(i int) string { return string([]byte{byte(i >> 8), byte(i)}) }
		var wg sync.WaitGroup
		busy := 0
		var mu sync.Mutex
		for i := range 2 * maxLookups {
			wg.Go(func() {
				_, err := b.Resolve(t.Context(), name(salt(i)), Ask{})
				mu.Lock()
				defer mu.Unlock()
				if errors.Is(err, ErrBusy) {
					busy++
				}
			})
		}
		wg.Wait()
		if busy != maxLookups || d.asked() != maxLookups {
			t.Errorf("%d were refused, %d lookups", busy, d.asked())
		}
		d.change(func() { d.takes = 0 })
		for i := range 2 * maxNames {
			_, _ = b.Resolve(t.Context(), name(salt(i)), Ask{})
		}
		if b.known.Len() != maxNames {
			t.Errorf("%d names", b.known.Len())
		}
	})
}

// What a name of ours stands for is said again each hour, sooner where no node took it, and with a
// higher number each time that it changes, whatever is lost.
func TestKeeper(t *testing.T) {
	dir := t.TempDir()
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		book := OpenBook(d, nil, "", nil)
		defer book.Close()
		open := func() *Keeper {
			t.Helper()
			k, err := OpenKeeper(d, book, testKey, dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		seq := func() int64 { return d.has("n").Seq }
		set := func(k *Keeper, b byte) {
			t.Helper()
			if err := k.Set("n", hash(b)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		k := open()
		set(k, 1)
		first := seq()
		time.Sleep(3 * againTime)
		if len(d.said()) != 4 || seq() != first || k.Stored("n") != 8 {
			t.Errorf("puts %v, stored %d", d.said(), k.Stored("n"))
		}
		set(k, 2)
		set(k, 3)
		second := seq()
		if second <= first {
			t.Errorf("%d after %d", second, first)
		}
		if got, err := book.Resolve(t.Context(), k.Name("n"), Ask{}); err != nil || got.Hash != hash(3) || d.asked() != 0 {
			t.Error("our own name is not known", got, err)
		}
		d.change(func() { d.broken = true })
		before := len(d.said())
		set(k, 3) // said again
		time.Sleep(10 * time.Second)
		if n := len(d.said()) - before; n < 3 || n > 6 {
			t.Errorf("%d tries in 10 s", n)
		}
		d.change(func() { d.broken = false })
		k.Close()

		k = open()
		set(k, 3)
		if seq() != second {
			t.Error("a restart made the same another one")
		}
		d.set(t, signed(t, "n", second+1000, hash(9))) // by who has the key too
		set(k, 4)
		time.Sleep(time.Minute)
		if it := d.has("n"); it.Seq <= second+1000 || string(it.Value) != string(encode(hash(4))) {
			t.Errorf("seq %d, not above %d", it.Seq, second+1000)
		}
		k.Close()
		if err := k.Set("n", hash(1)); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}

// Where the DHT reaches nobody the log warns once, however many names and tries there are, and again only
// after a node took a name.
func TestKeeperWarns(t *testing.T) {
	dir := t.TempDir()
	bubble.Test(t, func(t *testing.T) {
		var text lockedBuffer
		d := newFakeDHT()
		book := OpenBook(d, nil, "", nil)
		defer book.Close()
		k, err := OpenKeeper(d, book, testKey, dir, slog.New(slog.NewTextHandler(&text, nil)))
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		lines := func(want ...string) {
			t.Helper()
			got := text.take()
			if len(got) != len(want) {
				t.Fatalf("%d lines, not %d: %q", len(got), len(want), got)
			}
			for i, line := range got {
				if !strings.Contains(line, want[i]) {
					t.Errorf("%q has no %q", line, want[i])
				}
			}
		}
		d.change(func() { d.broken = true })
		for _, salt := range []string{"n", "o"} {
			if err := k.Set(salt, hash(1)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(lonelyTime)
		lines() // a start may take some time
		time.Sleep(lonelyTime + time.Second)
		lines("level=WARN msg=\"no node of the DHT takes our names")
		time.Sleep(10 * maxRetry)
		lines() // it was said
		d.change(func() { d.broken = false })
		time.Sleep(maxRetry + time.Second)
		lines("level=INFO msg=\"nodes of the DHT answer again")
		time.Sleep(3 * againTime)
		lines()
		d.change(func() { d.broken = true })
		time.Sleep(againTime + 2*lonelyTime + time.Second)
		lines("level=WARN msg=\"no node of the DHT takes our names")
	})
}

// A lockedBuffer has the lines of a log.
type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// take empties it.
func (b *lockedBuffer) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.text.Reset()
	return slices.Collect(strings.Lines(b.text.String()))
}

// Two keepers of one key that set a name in the same second do not both say the same number: what was set last is what others find.
func TestKeepersOfOneSecond(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir()}
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		for i, dir := range dirs {
			book := OpenBook(d, nil, "", nil)
			defer book.Close()
			k, err := OpenKeeper(d, book, testKey, dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			if err := k.Set("n", hash(byte(i))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		first := d.said()[0]
		time.Sleep(time.Minute)
		if it := d.has("n"); it.Seq != first+1 || string(it.Value) != string(encode(hash(1))) {
			t.Errorf("seq %d after %d, %q", it.Seq, first, it.Value)
		}
	})
}

// TestKeepersThatAgree: two holders of a key that say the same of a name do so with one number.
func TestKeepersThatAgree(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir()}
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		for _, dir := range dirs {
			book := OpenBook(d, nil, "", nil)
			defer book.Close()
			k, err := OpenKeeper(d, book, testKey, dir, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			if err := k.Set("n", hash(1)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
		}
		highest := d.has("n").Seq
		time.Sleep(10 * time.Hour)
		if it := d.has("n"); it.Seq != highest {
			t.Errorf("seq %d, %d ten hours ago", it.Seq, highest)
		}
	})
}

// TestKeepersThatDiffer: two holders of a key that have a name stand for different torrents do not outbid each other
// hour by hour. What was set last holds, and the log says so once.
func TestKeepersThatDiffer(t *testing.T) {
	dirs := []string{t.TempDir(), t.TempDir()}
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		var text lockedBuffer
		var keepers []*Keeper
		for i, dir := range dirs {
			book := OpenBook(d, nil, "", nil)
			defer book.Close()
			k, err := OpenKeeper(d, book, testKey, dir, slog.New(slog.NewTextHandler(&text, nil)))
			if err != nil {
				t.Fatal(err)
			}
			defer k.Close()
			keepers = append(keepers, k)
			if err := k.Set("n", hash(byte(i))); err != nil {
				t.Fatal(err)
			}
			time.Sleep(90 * time.Second)
		}
		second := d.has("n").Seq
		time.Sleep(10 * againTime)
		if it := d.has("n"); it.Seq != second || string(it.Value) != string(encode(hash(1))) {
			t.Errorf("seq %d, %d ten hours ago, of %q", it.Seq, second, it.Value)
		}
		if got, ok := keepers[0].book.Known(name("n")); !ok || got != (Target{hash(1), second}) {
			t.Errorf("the first one's own gateway has %v", got)
		}
		if lines := text.take(); len(lines) != 1 || !strings.Contains(lines[0], "published here anew") {
			t.Errorf("the log says %q", lines)
		}
		if err := keepers[0].Set("n", hash(0)); err != nil { // who sets it has it again
			t.Fatal(err)
		}
		time.Sleep(10 * againTime)
		if it := d.has("n"); it.Seq != second+1 || string(it.Value) != string(encode(hash(0))) {
			t.Errorf("seq %d after %d, of %q", it.Seq, second, it.Value)
		}
		d.change(func() { clear(d.items) }) // what the second said last is forgotten by nodes: nobody's is lost
		time.Sleep(2 * againTime)
		if it := d.has("n"); it.Seq != second+1 {
			t.Errorf("seq %d, not %d", it.Seq, second+1)
		}
	})
}

// TestLastSequenceNumber: a name that has the highest number there is does not begin again below it.
func TestLastSequenceNumber(t *testing.T) {
	dir := t.TempDir()
	bubble.Test(t, func(t *testing.T) {
		d := newFakeDHT()
		var text lockedBuffer
		book := OpenBook(d, nil, "", nil)
		defer book.Close()
		k, err := OpenKeeper(d, book, testKey, dir, slog.New(slog.NewTextHandler(&text, nil)))
		if err != nil {
			t.Fatal(err)
		}
		defer k.Close()
		lowest := func() {
			t.Helper()
			if n := slices.Min(d.said()); n <= 0 {
				t.Errorf("the number %d was said", n)
			}
		}
		d.set(t, signed(t, "other", math.MaxInt64, hash(1)))
		if err := k.Set("other", hash(2)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * againTime)
		lowest()
		if n := len(d.said()); n > 11 {
			t.Errorf("%d tries in ten hours", n)
		}
		if lines := text.take(); len(lines) != 1 || !strings.Contains(lines[0], "choose another name") {
			t.Errorf("the log says %q", lines)
		}
		d.set(t, signed(t, "same", math.MaxInt64, hash(1)))
		if err := k.Set("same", hash(1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if err := k.Set("same", hash(1)); err != nil {
			t.Error("what it stands for already:", err)
		}
		if err := k.Set("same", hash(2)); !errors.Is(err, ErrSpent) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		lowest()
		if it := d.has("same"); it.Seq != math.MaxInt64 || string(it.Value) != string(encode(hash(1))) {
			t.Errorf("seq %d of %q", it.Seq, it.Value)
		}
	})
}

func FuzzItems(f *testing.F) {
	it, _ := dht.SignItem(testKey, []byte("s"), 1, encode(hash(1)))
	path := filepath.Join(f.TempDir(), "f")
	file := keyFile(path)
	file.Path = path
	_ = saveItems(file, []dht.Item{it})
	b, _, _ := file.Load()
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		items, _ := parseItems(b)
		for _, it := range items {
			if !it.Valid() {
				t.Error("an item that nobody signed")
			}
			decode(it.Value)
		}
	})
}
