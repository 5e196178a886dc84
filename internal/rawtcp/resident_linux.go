package rawtcp

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

var pageSize = int64(os.Getpagesize())

// doubts is how many times a connection looks twice after it came to bytes that were on the disk: what follows them may be
// on its way from there.
const doubts = 64

// resident reports whether the next n bytes are in the page cache, so that taking them waits for nothing. What another
// process takes out of it at that moment is waited for all the same, and so is what it is reading just now.
func (s *pageSend) resident(n int64) bool {
	now := instantOf()
	if s.doubt == 0 && s.seen.lately(now, s.file, s.off, n) {
		return true
	}
	if !cached(s.file, s.off, n) {
		s.seen.missing(now)
		s.doubt = doubts
		return false
	}
	if s.doubt == 0 {
		s.seen.found(now, s.file, s.off, n, cached)
		return true
	}
	s.doubt--
	return arrived(s.file, s.off+n-1)
}

// cached reports whether the page cache has pages for n bytes of a file from off on. Where the system does not tell it has
// none: before Linux 6.5, and for what is no file of a disk. Asking brings nothing into it.
func cached(file int, off, n int64) bool {
	if n <= 0 {
		return false
	}
	within := unix.CachestatRange{Off: uint64(off), Len: uint64(n)}
	var is unix.Cachestat_t
	_, _, errno := syscall.RawSyscall6(unix.SYS_CACHESTAT, uintptr(file), uintptr(unsafe.Pointer(&within)), uintptr(unsafe.Pointer(&is)), 0, 0, 0)
	return errno == 0 && int64(is.Cache) > (off+n-1)/pageSize-off/pageSize
}

// arrived reports whether a byte of a file that the page cache has a page for can be read without waiting. The kernel reads
// files from the front: those before it are likely to be there too. A file system that asks a server has none.
func arrived(file int, off int64) bool {
	var one [1]byte
	to := syscall.Iovec{Base: &one[0], Len: 1}
	n, _, errno := syscall.RawSyscall6(unix.SYS_PREADV2, uintptr(file), uintptr(unsafe.Pointer(&to)), 1, uintptr(off), uintptr(uint64(off)>>32), unix.RWF_NOWAIT)
	return errno == 0 && n == 1
}
