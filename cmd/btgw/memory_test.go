package main

import "testing"

// The collector is not told to stay within less than what is in use: it would never rest.
func TestMemoryLimit(t *testing.T) {
	for _, c := range []struct{ limit, live, want int64 }{{200, 0, 200}, {200, 150, 200}, {200, 160, 200}, {200, 400, 500}} {
		if got := memoryLimit(c.limit, c.live); got != c.want {
			t.Errorf("limit %d, %d in use: %d, not %d", c.limit, c.live, got, c.want)
		}
	}
	if liveHeap() < 0 {
		t.Error("less than nothing is in use")
	}
}
