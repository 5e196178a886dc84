package h1

import (
	"bytes"
	"sync/atomic"
)

// Some players put a file's name into the request line as it is, with its blanks. net/http takes the
// second word for the target then, and refuses what follows. Where it is certain what was meant the
// blanks are escaped before net/http sees them: in a GET or HEAD of a path, with one version, at the end.

// A lineReader does so for the requests of one connection. Only one goroutine reads at a time.
type lineReader struct {
	within  atomic.Bool // what is read next does not begin a request; over HTTP/2 another goroutine than the reader says when it does
	early   []byte      // what net/http has read of it: it looks for a byte while it answers the request before
	pending []byte      // what did not fit after blanks became longer
}

// next tells that an answer has gone out whole: a request is next.
func (l *lineReader) next() { l.within.Store(false) }

// read reads from a connection by way of its own Read.
func (l *lineReader) read(p []byte, conn func([]byte) (int, error)) (int, error) {
	if len(l.pending) > 0 {
		return l.rest(p), nil
	}
	if !l.within.Load() && len(p) > 1 && len(p) < lineBuffer { // net/http looks at three bytes first, for HTTP/2
		buf := make([]byte, lineBuffer)
		n, err := conn(buf)
		if n > 0 {
			n = l.unread(p, buf, n)
		}
		return n, err
	}
	n, err := conn(p)
	switch {
	case n == 0:
	case len(p) == 1: // net/http's look for the end of a connection
		l.early = []byte{p[0]}
	case !l.within.Load():
		l.within.Store(true)
		n = l.begin(p, n)
	default:
		l.early = nil
	}
	return n, err
}

// unread gives to p what it has room for of n bytes in buf, at least one, with which a request begins. The
// others are pending. It keeps buf.
func (l *lineReader) unread(p, buf []byte, n int) int {
	l.within.Store(true)
	n = l.begin(buf, n)
	l.pending = append(buf[:n:n], l.pending...)
	return l.rest(p)
}

// rest takes what is pending.
func (l *lineReader) rest(p []byte) int {
	n := copy(p, l.pending)
	l.within.Store(true)
	if l.pending = l.pending[n:]; len(l.pending) == 0 {
		l.pending = nil
	}
	return n
}

// begin escapes the blanks of a request line that is in p whole, and returns how many bytes of p there are
// then.
func (l *lineReader) begin(p []byte, n int) int {
	early := len(l.early)
	end := bytes.IndexByte(p[:n], '\n')
	if end < 0 || bytes.Count(p[:end], []byte(" ")) < 3-early {
		l.early = nil
		return n
	}
	line := escapeBlanks(append(l.early, p[:end]...))
	l.early = nil
	if line == nil {
		return n
	}
	all := append(line[early:], p[end:n]...)
	n = copy(p, all)
	l.pending = all[n:]
	return n
}

// escapeBlanks writes a request line without its raw blanks; nil where there are none, or where it is not certain
// what they are.
func escapeBlanks(line []byte) []byte {
	method, target, _ := bytes.Cut(line, []byte(" "))
	if string(method) != "GET" && string(method) != "HEAD" {
		return nil
	}
	at := bytes.LastIndexByte(target, ' ')
	if at < 0 {
		return nil
	}
	version := bytes.TrimSuffix(target[at+1:], []byte("\r"))
	if string(version) != "HTTP/1.1" && string(version) != "HTTP/1.0" {
		return nil
	}
	version, target = target[at:], target[:at]
	if len(target) == 0 || target[0] != '/' || target[len(target)-1] == ' ' || !bytes.Contains(target, []byte(" ")) || bytes.Contains(target, []byte(" HTTP/")) {
		return nil
	}
	out := append(append(make([]byte, 0, len(line)+64), method...), ' ')
	out = append(out, bytes.ReplaceAll(target, []byte(" "), []byte("%20"))...)
	return append(out, version...)
}
