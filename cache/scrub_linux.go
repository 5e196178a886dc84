package cache

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// idleDisk gives the calling goroutine a thread of its own, the reads of which wait for those of
// others (ioprio_set(2)). Schedulers that know no priorities take no notice.
func idleDisk() {
	const process, idle = 1, 3 << 13
	runtime.LockOSThread() // without an end: the thread ends with the goroutine
	_, _, _ = unix.RawSyscall(unix.SYS_IOPRIO_SET, process, 0, idle)
}
