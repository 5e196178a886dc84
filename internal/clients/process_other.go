//go:build !linux

package clients

import "syscall"

// groupOfItsOwn makes a process the head of a group, so that what it starts can
// be killed with it.
func groupOfItsOwn() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
