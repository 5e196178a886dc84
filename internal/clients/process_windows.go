package clients

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows"
)

// GroupOfItsOwn makes a process the head of a group.
func GroupOfItsOwn() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: windows.CREATE_NEW_PROCESS_GROUP}
}

// SignalGroup kills a process, whatever the signal: there are none. What it started goes on.
func SignalGroup(p *os.Process, _ syscall.Signal) { _ = p.Kill() }

// AsNobody does nothing: there is no root.
func AsNobody(*exec.Cmd) {}

// tryLock locks a file until it is closed. It reports false where another process has it.
func tryLock(f *os.File) bool {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped)) == nil
}
