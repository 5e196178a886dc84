package cache

import (
	"sync"
	"testing"
)

func TestSizeClasses(t *testing.T) {
	for _, c := range []struct{ n, size int }{
		{0, 16 << 10}, {1, 16 << 10}, {16 << 10, 16 << 10},
		{16<<10 + 1, 20 << 10}, {20 << 10, 20 << 10}, {20<<10 + 1, 24 << 10},
		{32 << 10, 32 << 10}, {32<<10 + 1, 40 << 10}, {1 << 20, 1 << 20},
		{5 << 20, 5 << 20}, {5<<20 + 1, 6 << 20}, {64 << 20, 64 << 20},
		{64<<20 + 1, 64<<20 + 1},
	} {
		if _, size := sizeClass(c.n); size != c.size {
			t.Errorf("class of %d is %d, want %d", c.n, size, c.size)
		}
	}
	last, lastSize := -1, 0
	for n := 1; n <= maxClass; n += 1021 {
		i, size := sizeClass(n)
		if i < last || i > last+1 || i >= numClasses || size < n || size < lastSize || (n > minClass && size > n+n/4) {
			t.Fatalf("class of %d is %d of %d bytes, after %d of %d", n, i, size, last, lastSize)
		}
		last, lastSize = i, size
	}
	if last != numClasses-1 {
		t.Fatalf("last class is %d of %d", last, numClasses)
	}
}

func TestPoolReuse(t *testing.T) {
	p := NewPool(1 << 20)
	b := p.Get(100_000)
	if b.Len() != 100_000 || len(b.Bytes()) != 100_000 || cap(b.Bytes()) != 100_000 {
		t.Fatalf("length %d, capacity %d", b.Len(), cap(b.Bytes()))
	}
	if p.Outstanding() != 112<<10 {
		t.Fatalf("outstanding %d", p.Outstanding())
	}
	mem := &b.Bytes()[0]
	b.Release()
	if p.Outstanding() != 0 || p.Idle() != 112<<10 {
		t.Fatalf("outstanding %d, idle %d", p.Outstanding(), p.Idle())
	}
	if b = p.Get(99_000); &b.Bytes()[0] != mem || p.Idle() != 0 {
		t.Fatal("not reused")
	}
	b.Release()
	huge := p.Get(maxClass + 1)
	huge.Release()
	if p.Outstanding() != 0 || p.Idle() != 112<<10 {
		t.Fatalf("outstanding %d, idle %d", p.Outstanding(), p.Idle())
	}
}

// The free lists stay within their bound, and a size of the past makes room for
// the present one.
func TestPoolIdleBound(t *testing.T) {
	p := NewPool(100 << 10)
	get := func(n, count int) (bs []*Buffer) {
		for range count {
			b := p.Get(n)
			b.Bytes()
			bs = append(bs, b)
		}
		return bs
	}
	release := func(bs []*Buffer) {
		for _, b := range bs {
			b.Release()
		}
	}
	release(get(16<<10, 10))
	if p.Idle() != 96<<10 {
		t.Fatalf("idle %d", p.Idle())
	}
	release(get(32<<10, 10))
	if n, _ := sizeClass(32 << 10); len(p.classes[n].free) != 3 || p.Idle() != 96<<10 {
		t.Fatalf("idle %d, of which %d of the new size", p.Idle(), len(p.classes[n].free))
	}
	none := NewPool(0)
	none.Get(5).Release()
	if none.Idle() != 0 {
		t.Fatal("a pool without room keeps memory")
	}
}

func TestBufferCounts(t *testing.T) {
	p := NewPool(1 << 20)
	panics := func(name string, f func()) {
		t.Helper()
		defer func() {
			if recover() == nil {
				t.Errorf("%s does not panic", name)
			}
		}()
		f()
	}
	b := p.Get(5)
	b.Retain()
	b.Release()
	if p.Outstanding() == 0 {
		t.Fatal("returned with a reference left")
	}
	b.Release()
	other := p.Get(5) // the same memory
	panics("Release of a released Buffer", b.Release)
	panics("Retain of a released Buffer", b.Retain)
	panics("a negative size", func() { p.Get(-1) })
	if p.Outstanding() != int64(minClass) || len(other.Bytes()) != 5 {
		t.Fatal("a wrong count hurts the next owner")
	}
	other.Release()
}

func TestPoolConcurrent(t *testing.T) {
	t.Parallel()
	p := NewPool(1 << 20)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				b := p.Get(1 + (i*7919+g)%100_000)
				b.Bytes()[0] = byte(g)
				b.Retain()
				wg.Go(func() {
					if b.Bytes()[0] != byte(g) {
						t.Error("memory with two owners")
					}
					b.Release()
				})
				b.Release()
			}
		})
	}
	wg.Wait()
	if p.Outstanding() != 0 || p.Idle() > 1<<20 {
		t.Fatalf("outstanding %d, idle %d", p.Outstanding(), p.Idle())
	}
}

func BenchmarkPool(b *testing.B) {
	p := NewPool(64 << 20)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			buf := p.Get(256 << 10)
			buf.Bytes()
			buf.Release()
		}
	})
}

// TestMemoryComesWithTheFirstBytes: a buffer takes memory when its bytes are asked for, and whoever asks
// gets the same. One that was never asked gives none back.
func TestMemoryComesWithTheFirstBytes(t *testing.T) {
	const size = 1 << 20
	p := NewPool(4 * size)
	p.Get(size).Release()
	if p.Idle() != 0 || p.Outstanding() != 0 {
		t.Fatalf("%d bytes idle, %d outstanding", p.Idle(), p.Outstanding())
	}
	b := p.Get(size)
	if b.Len() != size || b.mem != nil {
		t.Fatalf("length %d, memory of %d", b.Len(), len(b.mem))
	}
	firsts := make([]*byte, 8)
	var all sync.WaitGroup
	for i := range firsts {
		all.Go(func() { firsts[i] = &b.Bytes()[0] })
	}
	all.Wait()
	for _, f := range firsts {
		if f != firsts[0] {
			t.Fatal("two have other memory")
		}
	}
	b.Release()
	if p.Idle() != size {
		t.Fatalf("%d bytes idle", p.Idle())
	}
	defer func() {
		if recover() == nil {
			t.Error("Bytes of a released Buffer does not panic")
		}
	}()
	b.Bytes()
}
