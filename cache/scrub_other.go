//go:build !linux

package cache

// idleDisk does nothing: this system has no priorities of reads, or none that is known.
func idleDisk() {}
