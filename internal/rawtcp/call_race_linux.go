//go:build linux && race

package rawtcp

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// What goes over a connection within one process is in order. The race detector
// knows of it by these.

func sysRead(fd uintptr, p []byte) (int, syscall.Errno)  { return result(syscall.Read(int(fd), p)) }
func sysWrite(fd uintptr, p []byte) (int, syscall.Errno) { return result(syscall.Write(int(fd), p)) }

// sysWriteBoth is one write of a copy: syscall has no writev that the race detector knows.
func sysWriteBoth(fd uintptr, head, p []byte) (int, syscall.Errno) {
	return sysWrite(fd, append(append(make([]byte, 0, len(head)+len(p)), head...), p...))
}

// sysSendMore is send(2) with more to follow.
func sysSendMore(fd uintptr, p []byte) (int, syscall.Errno) {
	ordered()
	n, err := unix.SendmsgN(int(fd), p, nil, nil, unix.MSG_MORE|unix.MSG_NOSIGNAL)
	return result(n, err)
}

// sysSplice moves bytes from a pipe to a socket.
func sysSplice(pipe int, fd uintptr, n int64, flags int) (int64, syscall.Errno) {
	ordered()
	m, err := unix.Splice(pipe, nil, int(fd), nil, int(n), flags)
	if err != nil {
		return 0, err.(syscall.Errno)
	}
	return m, 0
}

// ordered tells the race detector what a write does. Without a descriptor nothing is written.
func ordered() { _, _ = syscall.Write(-1, nil) }

func result(n int, err error) (int, syscall.Errno) {
	if err != nil {
		return 0, err.(syscall.Errno)
	}
	return n, 0
}
