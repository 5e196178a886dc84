package names

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/btgw/btgw/internal/bubble"
	"github.com/btgw/btgw/peer/discovery/dht"
)

// fakeShelf is a shelf that answers after a time. The tests' bubbles have one goroutine that
// changes it.
type fakeShelf struct {
	*fakeDHT // its lock
	raw      map[[20]byte][]byte
	kept     int
}

func newFakeShelf() *fakeShelf {
	return &fakeShelf{fakeDHT: newFakeDHT(), raw: make(map[[20]byte][]byte)}
}

func (s *fakeShelf) Name(ctx context.Context, target [20]byte) ([]byte, error) {
	s.mu.Lock()
	raw, takes := s.raw[target], s.takes
	s.mu.Unlock()
	select {
	case <-time.After(takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if raw == nil {
		return nil, errors.New("missing")
	}
	return raw, nil
}

func (s *fakeShelf) KeepName(target [20]byte, item []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept++
	s.raw[target] = item
}

// puts is how often something was put there.
func (s *fakeShelf) puts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept
}

// book opens a Book whose DHT answers after a time; broken: nobody does.
func book(t *testing.T, s Shelf, takes time.Duration, items ...dht.Item) (*Book, *fakeDHT) {
	d := newFakeDHT()
	d.takes = takes
	for _, it := range items {
		d.set(t, it)
	}
	b := OpenBook(d, s, "", nil)
	t.Cleanup(b.Close)
	return b, d
}

// What was resolved twice is known to a gateway that finds nobody in the DHT.
func TestNamesAreShelved(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		shelf := newFakeShelf()
		first, _ := book(t, shelf, 0, signed(t, "site", 7, hash(1)))
		for i := range 4 {
			if got, err := first.Resolve(t.Context(), name("site"), Ask{}); err != nil || got.Seq != 7 {
				t.Fatalf("%+v, %v", got, err)
			}
			synctest.Wait() // the shelf has answered too
			if n := shelf.puts(); (n == 1) != (i >= shelfUses-1) {
				t.Errorf("%d items were put on the shelf after %d uses", n, i+1)
			}
		}
		second, _ := book(t, shelf, 10*time.Second)
		start := time.Now()
		got, err := second.Resolve(t.Context(), name("site"), Ask{})
		if err != nil || got != (Target{hash(1), 7}) {
			t.Errorf("%+v, %v", got, err)
		}
		if d := time.Since(start); d != staleWait {
			t.Errorf("the answer came after %v", d)
		}
		third, d := book(t, shelf, 0)
		d.broken = true
		shelf.change(func() { shelf.takes = time.Second }) // the DHT's answer comes first, and is none
		if got, err := third.Resolve(t.Context(), name("site"), Ask{}); err != nil || got.Seq != 7 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := third.Resolve(t.Context(), name("other"), Ask{}); !errors.Is(err, ErrUnknown) {
			t.Error(err)
		}
	})
}

// What the DHT says holds where it is newer, and is put on the shelf in its place.
func TestNamesOnTheShelfAreOld(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		shelf := newFakeShelf()
		target := dht.ItemTarget(name("site").Key, []byte("site"))
		shelf.raw[target] = appendItems(nil, signed(t, "site", 7, hash(1)))
		b, d := book(t, shelf, time.Second, signed(t, "site", 8, hash(2)))
		for range 2 {
			if got, err := b.Resolve(t.Context(), name("site"), Ask{}); err != nil || got.Seq != 8 {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if items, err := parseItems(shelf.raw[target]); err != nil || items[0].Seq != 8 {
			t.Errorf("the shelf has %+v, %v", items, err)
		}
		d.set(t, signed(t, "site", 7, hash(1))) // an old node
		time.Sleep(freshTime)
		if got, err := b.Resolve(t.Context(), name("site"), Ask{}); err != nil || got.Seq != 8 || shelf.puts() != 1 {
			t.Errorf("%+v, %v; %d puts", got, err, shelf.puts())
		}
	})
}

// The shelf is not believed, and not waited for.
func TestNamesOnTheShelfAreVerified(t *testing.T) {
	bubble.Test(t, func(t *testing.T) {
		right := signed(t, "site", 7, hash(1))
		forged := right
		forged.Seq = 9
		target := dht.ItemTarget(right.Key, right.Salt)
		for what, raw := range map[string][]byte{
			"nonsense": []byte("nonsense"), "nothing": appendItems(nil), "empty": {},
			"two": appendItems(nil, right, right), "another name": appendItems(nil, signed(t, "other", 7, hash(1))),
			"a wrong signature": appendItems(nil, forged),
		} {
			shelf := newFakeShelf()
			shelf.raw[target] = raw
			b, _ := book(t, shelf, 0)
			if got, err := b.Resolve(t.Context(), name("site"), Ask{}); !errors.Is(err, ErrUnknown) {
				t.Errorf("%s: %+v, %v", what, got, err)
			}
		}
		shelf := newFakeShelf()
		shelf.takes = time.Hour
		b, _ := book(t, shelf, 100*time.Millisecond, right)
		start := time.Now()
		if got, err := b.Resolve(t.Context(), name("site"), Ask{}); err != nil || got.Seq != 7 || time.Since(start) != 100*time.Millisecond {
			t.Errorf("%+v, %v after %v", got, err, time.Since(start))
		}
	})
}
