package sched

import (
	"testing"
	"time"
)

// tight is a memory of budget bytes.
type tight struct {
	modelMemory
	used, budget int
}

func (m *tight) Room(n int, _ bool) bool { return m.used+n <= m.budget }

func (m *tight) Hold(n int) { m.used += n }

func (m *tight) Free(n int) { m.used -= n }

// What was asked of peers for a reader that left still comes, and takes no memory from
// one that waits.
func TestWhatNobodyWantsMakesRoom(t *testing.T) {
	m := newModel(t, testInfo(t, 1<<20, 64<<20))
	mem := &tight{modelMemory: modelMemory{m.pool}, budget: 1 << 20}
	m.c.memory = mem
	for range 2 {
		m.join(50*ms, 140_000)
	}
	w := m.c.Open(m.now, 0, 64<<20)
	m.settle()
	m.run(time.Minute, func() bool { return m.c.Stats.Received > 0 })
	m.c.Close(m.now, w)
	m.settle()
	if len(m.c.Flights) == 0 {
		t.Fatal("nothing is on its way any more")
	}
	m.c.Open(m.now, 32<<20, 64<<20)
	m.settle()
	if m.c.Flights[32] == nil || mem.used > mem.budget {
		t.Errorf("%d bytes in use of %d; wanted: %v", mem.used, mem.budget, m.c.Flights[32] != nil)
	}
}
