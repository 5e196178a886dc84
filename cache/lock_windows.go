package cache

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"
)

// lockFolder makes sure that no other Store has the folder open. The lock ends
// with the file, and so with the process, however it ends.
func lockFolder(root *os.Root) (*os.File, error) {
	f, err := root.OpenFile(lockName, os.O_RDWR|os.O_CREATE, filePerm)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err = windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		_ = f.Close()
		return nil, ErrInUse // a locked file cannot be read, so it has no note
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("locking: %w", err)
	}
	return f, nil
}

// unlockFolder gives the lock back.
func unlockFolder(f *os.File) error {
	_ = windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, &windows.Overlapped{})
	return f.Close()
}

// syncDir does nothing: NTFS makes names durable by its own journal, and Windows
// has no call that waits for a folder.
func syncDir(*os.Root) error { return nil }
