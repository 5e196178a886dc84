package rawtcp

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// pipeBytes is how much of a file is taken at a time, where the system gives a pipe that large.
	pipeBytes = 256 << 10
	// maxIdlePipes bounds the pipes that wait for their next use. Those in use are at most as many as there
	// are calls under way: nobody keeps one while a socket has no room.
	maxIdlePipes = 16
)

// A pageSend is the call of WritePages under way.
type pageSend struct {
	head   []byte // goes before the file
	file   int
	off, n int64 // what is left of the file, without what is in the pipe
	intact func() bool

	pipe  *pipe // nil: none
	seen  *seen // what all connections have found of late; nil: each looks for itself
	doubt int   // how many more times nothing is taken to be in the page cache that may be on its way there
	sent  int64
	errno syscall.Errno
	call  func(fd uintptr) bool // made once
}

// WritePages writes head, and then the n bytes of a file from off on. The pages of the file go to the socket as
// they are (splice(2)): a later change of the file may change what waits there. intact is asked each time that
// bytes were taken of the file, before any of them is sent. Where it says false they are not sent.
//
// WritePages returns how many bytes of both went out, and the socket's error. It may write fewer without an error:
// the file has no more, cannot be read or is not intact, or there is no pipe. Then the caller has to write the rest
// in another way. The first bytes of head go out when there are some of the file.
func (c *Conn) WritePages(head []byte, f *os.File, off, n int64, intact func() bool) (int64, error) {
	c.out.mu.Lock()
	defer c.out.mu.Unlock()
	s := &c.pages
	*s = pageSend{head: head, file: int(f.Fd()), off: off, n: n, intact: intact, seen: &ofLate, doubt: s.doubt, call: s.call}
	err := c.raw.Write(s.call)
	if err == nil && s.errno != 0 {
		err = s.errno
	}
	s.drop()
	s.head, s.intact = nil, nil
	return s.sent, c.failure("splice", err)
}

// send sends all; false if there is no room for the rest.
func (s *pageSend) send(fd uintptr) bool {
	for s.n > 0 && s.take() {
		for s.pipe.filled > 0 {
			if errno := s.push(fd); errno == syscall.EAGAIN {
				s.giveBack()
				return false
			} else if errno != 0 {
				s.errno = errno
				return true
			}
		}
	}
	return true
}

// take fills the pipe; false where that is not to be, or not to be sent.
func (s *pageSend) take() bool {
	if s.pipe == nil {
		if s.pipe = newPipe(); s.pipe == nil {
			return false
		}
	}
	n := min(s.n, pipeBytes)
	n, errno := s.pipe.fill(s.file, s.off, n, s.resident(n))
	if errno != 0 || n == 0 {
		return false
	}
	s.off, s.n = s.off+n, s.n-n
	return s.intact()
}

// giveBack notes that what is in the pipe was not sent, and leaves the pipe.
func (s *pageSend) giveBack() {
	s.off, s.n = s.off-s.pipe.filled, s.n+s.pipe.filled
	s.drop()
}

// drop leaves the pipe.
func (s *pageSend) drop() {
	if s.pipe != nil {
		s.pipe.release()
		s.pipe = nil
	}
}

// push makes one call with what is there to be sent.
func (s *pageSend) push(fd uintptr) syscall.Errno {
	if len(s.head) > 0 {
		n, errno := sysSendMore(fd, s.head)
		if errno == 0 {
			s.head, s.sent = s.head[n:], s.sent+int64(n)
		}
		return retried(errno)
	}
	n, errno := s.pipe.empty(fd, s.n > 0)
	if n == 0 && errno == 0 {
		return syscall.EIO // else there would be no end
	}
	s.sent += n
	return retried(errno)
}

// retried is errno, but for a signal: the call is made again.
func retried(errno syscall.Errno) syscall.Errno {
	if errno == syscall.EINTR {
		return 0
	}
	return errno
}

// A pipe has pages of a file on their way to a socket.
type pipe struct {
	from, to int   // its ends
	filled   int64 // bytes
}

var idlePipes = make(chan *pipe, maxIdlePipes)

// newPipe returns an empty pipe; nil if there is none to be had.
func newPipe() *pipe {
	select {
	case p := <-idlePipes:
		return p
	default:
	}
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil
	}
	_, _ = unix.FcntlInt(uintptr(ends[0]), unix.F_SETPIPE_SZ, pipeBytes) // a smaller one does
	return &pipe{from: ends[0], to: ends[1]}
}

// release gives a pipe back. With something in it, it is of no use.
func (p *pipe) release() {
	if p.filled == 0 {
		select {
		case idlePipes <- p:
			return
		default:
		}
	}
	_, _ = syscall.Close(p.from), syscall.Close(p.to)
}

// splice is one call of splice(2) from a file at off, which it moves on. An address may be given to a call alone, and not to
// a variable that stands for it: see unsafe.Pointer.
func (p *pipe) splice(file int, off *int64, n int64, resident bool) (int64, syscall.Errno) {
	if resident {
		m, _, errno := syscall.RawSyscall6(syscall.SYS_SPLICE, uintptr(file), uintptr(unsafe.Pointer(off)), uintptr(p.to), 0, uintptr(n), unix.SPLICE_F_NONBLOCK)
		return int64(m), errno
	}
	m, _, errno := syscall.Syscall6(syscall.SYS_SPLICE, uintptr(file), uintptr(unsafe.Pointer(off)), uintptr(p.to), 0, uintptr(n), unix.SPLICE_F_NONBLOCK)
	return int64(m), errno
}

// fill takes at most n bytes of a file. It waits for the disk, and for nothing else. Where they are resident there is nothing
// to wait for, and the scheduler is not told.
func (p *pipe) fill(file int, off, n int64, resident bool) (int64, syscall.Errno) {
	for {
		m, errno := p.splice(file, &off, n, resident)
		if errno == 0 {
			p.filled += m
			return m, 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

// empty sends what is in the pipe, as far as there is room. more says that other bytes follow.
func (p *pipe) empty(socket uintptr, more bool) (int64, syscall.Errno) {
	flags := unix.SPLICE_F_NONBLOCK
	if more {
		flags |= unix.SPLICE_F_MORE
	}
	n, errno := sysSplice(p.from, socket, p.filled, flags)
	p.filled -= n
	return n, errno
}
