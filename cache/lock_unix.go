//go:build unix

package cache

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// lockFolder makes sure that no other Store has the folder open. The lock ends
// with the file, and so with the process, however it ends.
func lockFolder(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		note, _ := io.ReadAll(io.LimitReader(f, maxLockNote))
		_ = f.Close()
		return nil, fmt.Errorf("%w (%s)", ErrInUse, strings.TrimSpace(string(note)))
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("locking: %w", err)
	}
	// The note is for people; a full disk must not keep us from starting.
	if f.Truncate(0) == nil {
		_, _ = fmt.Fprintf(f, "process %d\n", os.Getpid())
	}
	return f, nil
}

// unlockFolder gives the lock back at once: merely closed, the file would hold it
// as long as a child that was just forked has not come to its exec.
func unlockFolder(f *os.File) error {
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
	return f.Close()
}

// syncDir makes the names in a folder durable.
func syncDir(root *os.Root) error {
	f, err := root.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
