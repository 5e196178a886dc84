package clients

import "syscall"

// GroupOfItsOwn makes a process the head of a group, so that its children can be killed
// with it. It also lets the kernel kill the process if the test dies without cleaning
// up (a panic, a time-out).
func GroupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
