package attacks

import (
	"context"
	"os"
	"sync"
	"testing"
)

// group is goroutines that end with a test, or before.
type group struct {
	sync.WaitGroup
	ctx context.Context
	end func() // ends them, and waits
}

func newGroup(t testing.TB) *group {
	ctx, cancel := context.WithCancel(context.Background())
	g := &group{ctx: ctx}
	g.end = func() {
		cancel()
		g.Wait()
	}
	t.Cleanup(g.end)
	return g
}

// writeFile writes a text.
func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
