//go:build unix

package main

import (
	"math"
	"syscall"
)

// descriptorLimit is how many descriptors the process may have. Go has raised the soft limit to the hard one at its start.
func descriptorLimit() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(limit.Cur)
}
