package clients

import "syscall"

// groupOfItsOwn makes a process the head of a group, so that what it starts can
// be killed with it, and lets the kernel kill it if the test dies without
// cleaning up (a panic, a time-out).
func groupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
