//go:build !linux && !windows

package clients

import "syscall"

// GroupOfItsOwn makes a process the head of a group, so that what it starts can
// be killed with it.
func GroupOfItsOwn() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
