// Package cputime tells what this process has used of the CPUs, for tests and benchmarks.
package cputime

import (
	"syscall"
	"time"
)

// Used returns the CPU time of the process since its start, in user and in kernel mode. It panics where the system does not
// tell.
func Used() time.Duration {
	self, err := syscall.GetCurrentProcess()
	if err != nil {
		panic(err)
	}
	var created, ended, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(self, &created, &ended, &kernel, &user); err != nil {
		panic(err)
	}
	ticks := func(f syscall.Filetime) int64 { return int64(f.HighDateTime)<<32 | int64(f.LowDateTime) } // of 100 ns
	return time.Duration(100 * (ticks(kernel) + ticks(user)))
}
