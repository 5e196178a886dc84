//go:build linux && race

package rawtcp

import "syscall"

// What goes over a connection within one process is in order. The race detector
// knows of it by these.

func sysRead(fd uintptr, p []byte) (int, syscall.Errno)  { return result(syscall.Read(int(fd), p)) }
func sysWrite(fd uintptr, p []byte) (int, syscall.Errno) { return result(syscall.Write(int(fd), p)) }

// sysWriteBoth is one write of a copy: syscall has no writev that the race detector knows.
func sysWriteBoth(fd uintptr, head, p []byte) (int, syscall.Errno) {
	return sysWrite(fd, append(append(make([]byte, 0, len(head)+len(p)), head...), p...))
}

func result(n int, err error) (int, syscall.Errno) {
	if err != nil {
		return 0, err.(syscall.Errno)
	}
	return n, 0
}
