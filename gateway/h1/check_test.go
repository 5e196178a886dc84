package h1

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/btgw/btgw/internal/bubble"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The net/http that is built in is as expected, also where time is virtual.
func TestCheck(t *testing.T) {
	if err := Check(); err != nil {
		t.Error(err)
	}
	bubble.Test(t, func(t *testing.T) {
		begun := time.Now()
		if err := Check(); err != nil || time.Since(begun) != 0 {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

// One that writes otherwise is found: an answer in two writes, without the inserted lines, or
// none at all.
func TestCheckFails(t *testing.T) {
	right := "HTTP/1.1 200 OK\r\n" + checkLines + "Content-Length: 6144\r\nContent-Type: text/plain\r\n\r\n" + string(checkAnswer("/a"))
	for name, parts := range map[string][]string{
		"blanks are not read": {right}, // the second answer is that for another path
		"in two writes":       {right[:100], right[100:]},
		"without lines":       {"HTTP/1.1 200 OK\r\n\r\n" + right},
		"closed":              nil,
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			conn := &checkConn{Conn: theirs}
			conn.counter.to = theirs
			done := make(chan struct{})
			go func() {
				defer close(done)
				defer theirs.Close()
				in := bufio.NewReader(theirs)
				for {
					if _, err := http.ReadRequest(in); err != nil {
						return
					}
					for _, part := range parts {
						if _, err := io.WriteString(&conn.counter, part); err != nil {
							return
						}
					}
					if parts == nil {
						return
					}
				}
			}()
			if err := check(ours, conn); !errors.Is(err, errOther) && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%v", err)
			}
			ours.Close()
			<-done
		})
	}
}
