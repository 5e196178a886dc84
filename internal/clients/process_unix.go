//go:build !windows

package clients

import (
	"os"
	"os/exec"
	"syscall"
)

// SignalGroup sends a signal to a process that leads a group and was not waited for, and to all that it started.
func SignalGroup(p *os.Process, signal syscall.Signal) { _ = syscall.Kill(-p.Pid, signal) }

// AsNobody has a program that was not started run as nobody, where this process is root.
func AsNobody(cmd *exec.Cmd) {
	if os.Geteuid() == 0 {
		if cmd.SysProcAttr == nil {
			cmd.SysProcAttr = new(syscall.SysProcAttr)
		}
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
}

// tryLock locks a file until it is closed. It reports false where another process has it.
func tryLock(f *os.File) bool {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}
