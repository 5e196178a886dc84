//go:build !windows

// Package cputime tells what this process has used of the CPUs, for tests and benchmarks.
package cputime

import (
	"syscall"
	"time"
)

// Used returns the CPU time of the process since its start, in user and in kernel mode. It panics where the system does not
// tell.
func Used() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
