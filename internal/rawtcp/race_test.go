//go:build race

package rawtcp

// raceCopies is what a write of two buffers allocates under the race detector: it sees a copy.
const raceCopies = 1
