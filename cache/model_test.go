package cache

import (
	"bytes"
	"log/slog"
	"sync"

	"pgregory.net/rapid"
)

// A storeModel is a store and what it must hold.
type storeModel struct {
	fixtures []*fixture
	dir      string
	cfg      Config
	s        *Store
	tors     []*Torrent
	leases   []modelLease

	mu   sync.Mutex
	held []map[int]bool // put, and not called back about
}

type modelLease struct {
	l    *Lease
	want []byte
}

func (m *storeModel) open(t *rapid.T) {
	cfg := m.cfg
	cfg.Dir, cfg.Log = m.dir, slog.New(slog.DiscardHandler)
	s, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	m.s, m.tors, m.held = s, nil, nil
	for k := range m.fixtures {
		m.tors = append(m.tors, nil)
		m.held = append(m.held, nil)
		m.openTorrent(t, k)
	}
}

func (m *storeModel) openTorrent(t *rapid.T, k int) {
	held := map[int]bool{}
	var tor *Torrent
	m.mu.Lock()
	defer m.mu.Unlock()
	tor, err := m.s.Torrent(m.fixtures[k].info, nil, func(i int) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if !tor.Has(i) { // else it was put again meanwhile
			delete(held, i)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	have := tor.Have()
	for i := range m.fixtures[k].info.NumPieces() {
		if have.Has(i) {
			held[i] = true
		}
	}
	m.tors[k], m.held[k] = tor, held
}

// draw picks a torrent and a piece.
func (m *storeModel) draw(t *rapid.T) (k, i int) {
	k = rapid.IntRange(0, len(m.tors)-1).Draw(t, "torrent")
	return k, rapid.IntRange(0, m.fixtures[k].info.NumPieces()-1).Draw(t, "piece")
}

func (m *storeModel) put(t *rapid.T) {
	k, i := m.draw(t)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held[k][i] = true
	m.fixtures[k].put(m.tors[k], i)
}

func (m *storeModel) get(t *rapid.T) {
	k, i := m.draw(t)
	l, err := m.tors[k].Get(i)
	if err != nil {
		return
	}
	defer l.Release()
	var b bytes.Buffer
	if _, err := l.WriteRange(&b, 0, int64(l.Len())); err != nil || !bytes.Equal(b.Bytes(), m.fixtures[k].piece(i)) {
		t.Fatalf("torrent %d piece %d: %v", k, i, err)
	}
}

func (m *storeModel) lease(t *rapid.T) {
	k, i := m.draw(t)
	if l, err := m.tors[k].Get(i); err == nil {
		m.leases = append(m.leases, modelLease{l, m.fixtures[k].piece(i)})
	}
}

func (m *storeModel) release(t *rapid.T) {
	if len(m.leases) == 0 {
		return
	}
	at := rapid.IntRange(0, len(m.leases)-1).Draw(t, "lease")
	l := m.leases[at]
	got := make([]byte, len(l.want))
	if _, err := l.l.ReadAt(got, 0); err != nil || !bytes.Equal(got, l.want) {
		t.Fatalf("a lease reads wrong: %v", err)
	}
	l.l.Release()
	m.leases = append(m.leases[:at], m.leases[at+1:]...)
}

func (m *storeModel) flush(t *rapid.T) {
	if err := m.tors[0].Flush(); err != nil {
		t.Fatal(err)
	}
}

func (m *storeModel) restart(t *rapid.T) {
	if err := m.s.Close(); err != nil {
		t.Fatal(err)
	}
	for len(m.leases) > 0 { // they stay readable until somebody else has the files
		m.release(t)
	}
	m.open(t)
}

func (m *storeModel) remove(t *rapid.T) {
	k, _ := m.draw(t)
	m.tors[k].Remove()
	m.openTorrent(t, k)
	if n := m.tors[k].Have().Count(m.fixtures[k].info.NumPieces()); n != 0 {
		t.Fatalf("%d pieces after Remove", n)
	}
}

// check compares what the store holds with the model. Notices come late, so that
// the model may hold more; the store never does. Both are looked at under the lock
// of the notices: one that came between would make the store's half old.
func (m *storeModel) check(t *rapid.T) {
	for k, tor := range m.tors {
		m.mu.Lock()
		have := tor.Have()
		for i := range m.fixtures[k].info.NumPieces() {
			if have.Has(i) && !m.held[k][i] {
				t.Errorf("torrent %d piece %d is held, but was called back about", k, i)
			}
		}
		m.mu.Unlock()
	}
	if st := m.s.Stats(); st.DiskBytes > m.cfg.DiskBytes || st.Degraded {
		t.Fatalf("stats %+v", st)
	}
}
