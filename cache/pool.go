package cache

import (
	"fmt"
	"math/bits"
	"sync"
	"sync/atomic"
)

// A Pool hands out buffers for pieces and takes them back for reuse. Buffers of one
// size class share a free list of the Pool's own. A garbage collection does not empty
// it, as it does a sync.Pool, so that a steady download neither allocates nor zeroes
// memory.
//
// All methods are safe for concurrent use.
type Pool struct {
	maxIdle     int64
	outstanding atomic.Int64

	mu sync.Mutex
	// Protected by mu.
	idle    int64 // bytes on all free lists
	clock   uint64
	classes [numClasses]class
}

// A class is the free list of one size.
type class struct {
	free [][]byte
	used uint64 // Pool.clock when memory was last taken of it
}

// numClasses is the number of size classes between minClass and maxClass.
const numClasses = (26-14)*classesPerDouble + 1

// NewPool returns a Pool that keeps at most maxIdleBytes of returned buffers.
func NewPool(maxIdleBytes int64) *Pool { return &Pool{maxIdle: maxIdleBytes} }

// Get returns a buffer of n bytes with one reference, which the caller owns. Its
// content is arbitrary. Its memory is taken at the first call of Bytes: Get takes no
// time, so that it may be called under a lock. It panics if n is negative.
func (p *Pool) Get(n int) *Buffer {
	if n < 0 {
		panic(fmt.Sprintf("cache: buffer of %d bytes", n))
	}
	c, size := sizeClass(n)
	b := &Buffer{pool: p, class: c, size: size, n: n}
	b.refs.Store(1)
	p.outstanding.Add(int64(size))
	return b
}

// Outstanding returns the bytes of memory in buffers that were handed out and not yet
// returned. Each counts at the size of its class.
func (p *Pool) Outstanding() int64 { return p.outstanding.Load() }

// Idle returns the bytes that wait on the free lists; at most what NewPool was given.
func (p *Pool) Idle() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.idle
}

// reuse takes memory off a free list, or returns nil.
func (p *Pool) reuse(c int) []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	cl := &p.classes[c]
	cl.used = p.clock
	if len(cl.free) == 0 {
		return nil
	}
	return p.pop(cl)
}

// pop takes the newest entry of a class: the one most likely in the CPU's cache.
func (p *Pool) pop(cl *class) []byte {
	last := len(cl.free) - 1
	mem := cl.free[last]
	cl.free[last] = nil
	cl.free = cl.free[:last]
	p.idle -= int64(len(mem))
	return mem
}

// put takes memory back; nil if the buffer had none. Where the Pool is full, a size that was not asked for lately
// makes room. So the piece length of one torrent does not hold another's place for
// ever.
func (p *Pool) put(c int, mem []byte) {
	n := int64(len(mem))
	if c < 0 || n == 0 {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.idle+n > p.maxIdle {
		old := p.stalest(c)
		if old == nil {
			return
		}
		p.pop(old)
	}
	p.classes[c].free = append(p.classes[c].free, mem)
	p.idle += n
}

// stalest returns the class with free memory of which some was last taken the longest ago, if that
// is before it was of class c.
func (p *Pool) stalest(c int) *class {
	var old *class
	limit := p.classes[c].used
	for i := range p.classes {
		if cl := &p.classes[i]; len(cl.free) > 0 && cl.used < limit {
			old, limit = cl, cl.used
		}
	}
	return old
}

// sizeClass returns the index and size of the smallest class that holds n
// bytes, or -1 and n where n is above all.
func sizeClass(n int) (index, size int) {
	if n <= minClass {
		return 0, minClass
	}
	if n > maxClass {
		return -1, n
	}
	// 2^exp < n <= 2^(exp+1), split in steps.
	exp := bits.Len(uint(n-1)) - 1
	step := 1 << exp / classesPerDouble
	k := (n - 1<<exp + step - 1) / step
	return (exp-14)*classesPerDouble + k, 1<<exp + k*step
}

// A Buffer is memory for one piece, shared by reference count. A function that keeps it
// after it returns calls Retain, and Release when done. The last Release returns the
// memory to its Pool.
//
// All methods are safe for concurrent use. The content must not change while
// more than one party holds the Buffer.
type Buffer struct {
	pool    *Pool
	class   int
	size, n int
	refs    atomic.Int32

	filled atomic.Bool // mem is set
	mu     sync.Mutex  // held while it is
	mem    []byte
}

// Bytes returns the content, of the length that Get was asked for. The first call may
// have to clear that much memory. The caller must not use it after it released its
// reference.
func (b *Buffer) Bytes() []byte {
	if !b.filled.Load() {
		b.fill()
	}
	return b.mem[:b.n:b.n]
}

// fill takes memory from the pool, or from the system where that has none.
func (b *Buffer) fill() {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.filled.Load():
		return
	case b.refs.Load() <= 0:
		panic("cache: Bytes of a released Buffer")
	case b.class >= 0:
		b.mem = b.pool.reuse(b.class)
	}
	if b.mem == nil {
		b.mem = make([]byte, b.size)
	}
	b.filled.Store(true)
}

// Len returns the length that Get was asked for, in bytes.
func (b *Buffer) Len() int { return b.n }

// Retain adds a reference. It panics where there is none left: the memory may
// have another owner already.
func (b *Buffer) Retain() {
	if b.refs.Add(1) <= 1 {
		panic("cache: Retain of a released Buffer")
	}
}

// Release gives one reference up. It panics if there was none.
func (b *Buffer) Release() {
	switch n := b.refs.Add(-1); {
	case n < 0:
		panic("cache: Release of a released Buffer")
	case n == 0:
		mem := b.mem
		b.mem = nil
		b.filled.Store(false)
		b.pool.outstanding.Add(-int64(b.size))
		b.pool.put(b.class, mem)
	}
}
