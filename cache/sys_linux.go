package cache

import (
	"errors"
	"io"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// directFlag opens a file for writes past the page cache.
const directFlag = unix.O_DIRECT

// onFile calls fn with the file's descriptor, which stays open meanwhile, and
// again where a signal interrupted it.
func onFile(f *os.File, fn func(fd int) error) error {
	c, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	err = c.Control(func(fd uintptr) {
		for inner = fn(int(fd)); inner == unix.EINTR; inner = fn(int(fd)) {
		}
	})
	if err != nil {
		return err
	}
	return inner
}

// writeParts writes parts one after the other from off on, in one call if it can.
func writeParts(f *os.File, parts [][]byte, off int64) error {
	if len(parts) == 1 {
		_, err := f.WriteAt(parts[0], off)
		return err
	}
	total, written := 0, 0
	for _, p := range parts {
		total += len(p)
	}
	err := onFile(f, func(fd int) (err error) {
		written, err = unix.Pwritev(fd, parts, off)
		return err
	})
	if err != nil || written == total {
		return err
	}
	return writeRest(f, parts, off, written)
}

// fdatasync makes a file's data, and what is needed to find it, durable.
func fdatasync(f *os.File) error { return onFile(f, unix.Fdatasync) }

// allocate reserves the blocks of a range without changing the file's length.
func allocate(f *os.File, off, n int64) error {
	return onFile(f, func(fd int) error {
		return unix.Fallocate(fd, unix.FALLOC_FL_KEEP_SIZE, off, n)
	})
}

// populate brings bytes of a file into the page cache as the kernel reads files ahead: in large
// folios, and without a copy. sink is /dev/null.
func populate(sink, f *os.File, off, n int64) error {
	for n > 0 {
		sent := 0
		err := onFile(f, func(in int) error {
			return onFile(sink, func(out int) (err error) {
				sent, err = unix.Sendfile(out, in, &off, int(n))
				return err
			})
		})
		if err != nil {
			return err
		}
		if sent == 0 {
			return io.ErrUnexpectedEOF
		}
		n -= int64(sent)
	}
	return nil
}

// isLocal reports whether a folder's file system knows the state of its files by itself.
func isLocal(root *os.Root) bool {
	dir, err := root.Open(".")
	if err != nil {
		return false
	}
	defer dir.Close()
	var st unix.Statfs_t
	err = onFile(dir, func(fd int) error { return unix.Fstatfs(fd, &st) })
	if err != nil {
		return false
	}
	switch uint32(st.Type) {
	case unix.BCACHEFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.EXT4_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.OVERLAYFS_SUPER_MAGIC,
		unix.TMPFS_MAGIC, unix.XFS_SUPER_MAGIC:
		return true
	}
	return false
}

// stampOf returns the stamp of an open file. It is called at each read, and allocates nothing. On a local file system it
// waits for nothing, and the scheduler is not told. Else the processor is taken away within one look in some thousands, and
// Go's monitor then wakes every 20 us for milliseconds.
func stampOf(f *os.File, local bool) (stamp, error) {
	var st unix.Stat_t
	err := error(unix.EINTR)
	for errors.Is(err, unix.EINTR) {
		err = fstat(f.Fd(), &st, local)
	}
	return stamp{
		device: uint64(st.Dev), inode: st.Ino, size: st.Size, changed: st.Ctim.Nano(), gone: st.Nlink == 0,
	}, err
}

func fstat(fd uintptr, st *unix.Stat_t, local bool) error {
	if !local {
		return unix.Fstat(int(fd), st)
	}
	if _, _, errno := syscall.RawSyscall(unix.SYS_FSTAT, fd, uintptr(unsafe.Pointer(st)), 0); errno != 0 {
		return errno
	}
	return nil
}

// statIn looks at a file of an open folder; false where it is no regular one.
func statIn(_ *os.Root, dir *os.File, name string) (info fileInfo, ok bool) {
	var st unix.Stat_t
	err := error(unix.EINTR)
	for errors.Is(err, unix.EINTR) {
		err = unix.Fstatat(int(dir.Fd()), name, &st, unix.AT_SYMLINK_NOFOLLOW)
	}
	if err != nil || st.Mode&unix.S_IFMT != unix.S_IFREG {
		return info, false
	}
	return fileInfo{name, st.Size, st.Blocks * 512, time.Unix(st.Mtim.Unix())}, true
}
