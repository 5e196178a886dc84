package rawtcp

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

var pageSize = int64(os.Getpagesize())

// resident reports whether n bytes of a file from off on are in the page cache, so that taking them waits for nothing. Where
// the system does not tell they are not: before Linux 6.5, and on a file system that asks a server. Asking brings nothing
// into the page cache, and costs a thirtieth of what sending 64 KiB does.
//
// A page that is there may still be on its way from the disk. The kernel reads files from the front, so the last byte is
// tried. What another process takes out of the page cache at that moment is waited for all the same.
func resident(file int, off, n int64) bool {
	if n <= 0 {
		return false
	}
	last := off + n - 1
	within := unix.CachestatRange{Off: uint64(off), Len: uint64(n)}
	var is unix.Cachestat_t
	_, _, errno := syscall.RawSyscall6(unix.SYS_CACHESTAT, uintptr(file), uintptr(unsafe.Pointer(&within)), uintptr(unsafe.Pointer(&is)), 0, 0, 0)
	if errno != 0 || int64(is.Cache) <= last/pageSize-off/pageSize {
		return false
	}
	var one [1]byte
	to := syscall.Iovec{Base: &one[0], Len: 1}
	got, _, errno := syscall.RawSyscall6(unix.SYS_PREADV2, uintptr(file), uintptr(unsafe.Pointer(&to)), 1, uintptr(last), uintptr(uint64(last)>>32), unix.RWF_NOWAIT)
	return errno == 0 && got == 1
}
