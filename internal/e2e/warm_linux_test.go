package e2e

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/internal/clients"
)

// What the system is asked for a range of 64 KiB that is in the page cache, on a connection that has had some: the request is
// read, the pages are taken, the file is looked at, the header is sent, and the pages. Once more is read in vain before
// the client has sent its next request. Once a second the file is looked at before, and a megabyte of pages is looked for.
// Nothing else is called, whatever the number of requests.
func TestWarmRangeCalls(t *testing.T) {
	const size, part, ranges = 4 << 20, 64 << 10, 100
	seeder := clients.StartLibtorrent(t, clients.LibtorrentOptions{})
	p := clients.MakePayload(t, clients.Spec{Name: "warm.bin", Seed: 77, PieceLength: 256 << 10, Size: size})
	seeder.Seed(p, false)
	content, err := os.ReadFile(p.Path(files(p)[0]))
	if err != nil {
		t.Fatal(err)
	}
	o := options{dir: t.TempDir()}
	g := start(t, o)
	g.wants(t, p, hints(nil, seeder.Addr()))
	g.stop()
	g = start(t, o) // which has nothing in memory
	for range 2 {
		g.wants(t, p, "")
	}
	u, err := url.Parse(g.urlOf(p, &p.Info.Files[0], ""))
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("tcp", u.Host)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	got := make([]byte, 4<<10)
	ask := func(i int) {
		off := i % (size / part) * part
		fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: %s\r\nRange: bytes=%d-%d\r\n\r\n", u.RequestURI(), u.Host, off, off+part-1)
		n, end := 0, 0
		for end == 0 { // of the header
			m, err := c.Read(got[n:])
			if n += m; err != nil {
				t.Fatalf("%q, %v", got[:n], err)
			}
			if i := bytes.Index(got[:n], []byte("\r\n\r\n")); i >= 0 {
				end = i + 4
			}
		}
		body := make([]byte, part)
		if _, err := io.ReadFull(c, body[copy(body, got[end:n]):]); err != nil || sha256.Sum256(body) != sha256.Sum256(content[off:off+part]) {
			t.Fatalf("range %d: %v, or other bytes", i, err)
		}
	}
	for i := range 2 * size / part {
		ask(i)
	}
	tracer := g.trace([]string{"read", "write", "writev", "sendto", "sendmsg", "splice", "sendfile", "fstat", "pread64", "preadv2", "?cachestat", "openat", "close", "fcntl", "setsockopt", "mmap"})
	for i := range ranges {
		ask(i)
	}
	tracer.stop(t)
	log, err := os.ReadFile(tracer.log)
	if err != nil {
		t.Fatal(err)
	}
	calls := countCalls(log)
	t.Logf("%d ranges: %v", ranges, calls)
	for call, most := range map[string]int{"read": 2, "fstat": 1, "splice": 2, "send": 1} {
		// A few are for what goes on besides.
		if n := calls[call]; n > most*ranges+ranges/10 || n < ranges {
			t.Errorf("%d ranges: %d times %s, not %d each", ranges, n, call, most)
		}
		delete(calls, call)
	}
	for call, n := range calls {
		if n > ranges/10 {
			t.Errorf("%d ranges: %d times %s, not 0", ranges, n, call)
		}
	}
}

// straceCall is a call that was begun, in a line of strace's.
var straceCall = regexp.MustCompile(`^\d+ +(\w+)\((-?\d*)`)

// countCalls counts the calls in strace's lines. A build with the race detector sends by another call, and writes to no file
// where it tells the detector what a call does.
func countCalls(log []byte) map[string]int {
	n := make(map[string]int)
	for line := range strings.Lines(string(log)) {
		m := straceCall.FindStringSubmatch(line)
		if m == nil || m[2] == "-1" {
			continue
		}
		switch m[1] {
		case "sendto", "sendmsg":
			n["send"]++
		case "newfstat":
			n["fstat"]++
		case "syscall_0x1c3": // for an strace before 6.6
			n["cachestat"]++
		default:
			n[m[1]]++
		}
	}
	return n
}
