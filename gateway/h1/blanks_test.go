package h1

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// Blanks make a line longer than the buffer that it was read into.
func TestLineReader(t *testing.T) {
	for _, early := range []bool{false, true} {
		request := "GET /" + strings.Repeat("a b", 1000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
		want := "GET /" + strings.Repeat("a%20b", 1000) + " HTTP/1.1\r\nHost: x\r\n\r\n"
		in := strings.NewReader(request)
		var l lineReader
		var got []byte
		if early {
			l.within.Store(true)
			one := make([]byte, 1)
			if n, err := l.read(one, in.Read); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			got = append(got, one...)
			l.next()
		}
		for p := make([]byte, 4096); ; {
			n, err := l.read(p, in.Read)
			got = append(got, p[:n]...)
			if err == io.EOF {
				break
			}
		}
		if string(got) != want {
			t.Errorf("early %t: %d bytes, not %d: %.40q", early, len(got), len(want), got)
		}
	}
}

// FuzzEscapeBlanks: only blanks of the target change, and net/http takes what comes out.
func FuzzEscapeBlanks(f *testing.F) {
	f.Add([]byte("GET /a b HTTP/1.1\r"))
	f.Add([]byte("HEAD /a  b?c d HTTP/1.0"))
	f.Add([]byte("GET /a HTTP/1.1 b HTTP/1.1"))
	f.Fuzz(func(t *testing.T, line []byte) {
		before := bytes.Clone(line)
		out := escapeBlanks(line)
		if !bytes.Equal(line, before) {
			t.Error("the line was changed in its place")
		}
		if out == nil {
			return
		}
		if bytes.Count(out, []byte(" ")) != 2 {
			t.Errorf("%q", out)
		}
		method, target, _ := bytes.Cut(line, []byte(" "))
		end := bytes.LastIndexByte(target, ' ')
		want := string(method) + " " + strings.ReplaceAll(string(target[:end]), " ", "%20") + string(target[end:])
		if string(out) != want {
			t.Errorf("%q became %q", line, out)
		}
	})
}
