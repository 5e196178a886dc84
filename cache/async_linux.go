package cache

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// An asyncWriter writes past the page cache by the kernel's asynchronous I/O
// (io_submit(2)), so that no thread waits. A thread that waits for the disk costs CPU
// twice: Go's monitor looks at it every 20 us, and another thread has to be woken. At
// 500 MB/s that was a tenth of the process's CPU. One goroutine owns an asyncWriter and
// has one write under way at a time.
//
// ext4 nevertheless makes a write beyond the end of the file wait: see grow.
type asyncWriter struct {
	ctx  uintptr  // aio_context_t
	done *os.File // an eventfd, which the poller watches
	fd   uint32   // its descriptor
	cb   iocb     // here and not on a stack, which moves
	iov  []unix.Iovec
}

// errNoAsync means that the kernel does not say what became of a write: no more are begun by this
// asyncWriter.
var errNoAsync = errors.New("cache: the result of an asynchronous write is not known")

// An iocb is struct iocb of linux/aio_abi.h.
type iocb struct {
	_              uint64    // what comes back in ioEvent
	_              [2]uint32 // the kernel's, and flags of preadv2
	opcode         uint16
	_              int16 // priority
	fd             uint32
	buf            uint64 // the address of iov
	count          uint64 // how many are in it
	offset         int64
	_              uint64 // reserved
	flags, eventFD uint32
}

// An ioEvent is struct io_event of linux/aio_abi.h.
type ioEvent struct {
	_      [2]uint64 // of the iocb, and its address
	result int64
	_      int64
}

// These constants are those of linux/aio_abi.h.
const (
	iocbPwritev   = 8
	iocbFlagResFD = 1
)

// newAsyncWriter returns nil where the kernel has no asynchronous I/O, or refuses it.
func newAsyncWriter() *asyncWriter {
	w := &asyncWriter{}
	if _, _, errno := unix.Syscall(unix.SYS_IO_SETUP, 1, uintptr(unsafe.Pointer(&w.ctx)), 0); errno != 0 {
		return nil
	}
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		w.close()
		return nil
	}
	w.fd, w.done = uint32(fd), os.NewFile(uintptr(fd), "eventfd")
	return w
}

// close frees what the kernel holds for the writer. It waits for a write under way. A nil
// asyncWriter holds nothing.
func (w *asyncWriter) close() {
	if w == nil {
		return
	}
	_, _, _ = unix.Syscall(unix.SYS_IO_DESTROY, w.ctx, 0, 0)
	if w.done != nil {
		_ = w.done.Close()
	}
}

// write writes parts one after the other from off on, and returns the number of bytes
// written. f was opened for direct writes. The call returns only when the kernel is
// done with the memory.
func (w *asyncWriter) write(f *os.File, parts [][]byte, off int64) (int, error) {
	w.iov = w.iov[:0]
	for _, p := range parts {
		v := unix.Iovec{Base: unsafe.SliceData(p)}
		v.SetLen(len(p))
		w.iov = append(w.iov, v)
	}
	defer clear(w.iov)
	if err := onFile(f, func(fd int) error { return w.submit(fd, off) }); err != nil {
		return 0, fmt.Errorf("cache: io_submit: %w", err)
	}
	var count [8]byte
	_, _ = w.done.Read(count[:]) // it is wait that is sure
	return w.wait()
}

// submit begins to write the parts in iov.
func (w *asyncWriter) submit(fd int, off int64) error {
	w.cb = iocb{
		opcode: iocbPwritev, fd: uint32(fd), offset: off,
		buf: uint64(uintptr(unsafe.Pointer(unsafe.SliceData(w.iov)))), count: uint64(len(w.iov)),
		flags: iocbFlagResFD, eventFD: w.fd,
	}
	list := [1]*iocb{&w.cb}
	if _, _, errno := unix.Syscall(unix.SYS_IO_SUBMIT, w.ctx, 1, uintptr(unsafe.Pointer(&list))); errno != 0 {
		return errno
	}
	return nil
}

// wait returns the result of the write under way.
func (w *asyncWriter) wait() (int, error) {
	var event ioEvent
	for {
		_, _, errno := unix.Syscall6(unix.SYS_IO_GETEVENTS, w.ctx, 1, 1, uintptr(unsafe.Pointer(&event)), 0, 0)
		switch {
		case errno == unix.EINTR:
		case errno != 0:
			return 0, fmt.Errorf("%w: io_getevents: %w", errNoAsync, errno)
		case event.result < 0:
			return 0, fmt.Errorf("cache: asynchronous write: %w", syscall.Errno(-event.result))
		default:
			return int(event.result), nil
		}
	}
}

// grow makes a file long enough for a write that ends at end, and at most growBytes
// longer. It takes no room on disk.
func grow(f *os.File, end, size int64) error {
	info, err := f.Stat()
	if err != nil || info.Size() >= end {
		return err
	}
	return f.Truncate(min(size, end+growBytes))
}
