package attacks

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The control is a server in a process of its own, which does a little work for each answer and
// says how much longer that took than its time on the processor. On a machine of its own that is
// as long; where attackers, clients and whatever else runs have most of the processor, times are
// so many times as long for btgw too, and so are the bounds.
const (
	controlEnv  = "BTGW_ATTACKS_CONTROL"
	controlAddr = "53.0.0.1:80"
	controlURL  = "http://" + controlAddr + "/"
	controlWork = 3 * time.Millisecond // of processor time
	controlWall = "X-Wall-Time"        // nanoseconds that it took
)

// control is the process: it ends with its standard input.
func control() int {
	s := &http.Server{Addr: controlAddr, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(controlWall, strconv.FormatInt(int64(work()), 10))
	})}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		s.Close()
	}()
	if err := s.ListenAndServe(); err != http.ErrServerClosed {
		fmt.Fprintln(os.Stderr, "control:", err)
		return 1
	}
	return 0
}

// work takes controlWork of processor time, and returns how long that took.
func work() time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cpu := func() time.Duration {
		var t unix.Timespec
		_ = unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t)
		return time.Duration(t.Nano())
	}
	var block [16 << 10]byte
	begun, from := time.Now(), cpu()
	for cpu()-from < controlWork {
		sha256.Sum256(block[:])
	}
	return time.Since(begun)
}

// startControl starts it until the end of the test.
func startControl(t *testing.T) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), controlEnv+"=1")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	in, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("the control: %v: %s", err, output.String())
		}
	})
	until(t, startTime, "the control is ready", func() bool {
		resp, err := http.Get(controlURL)
		if err != nil {
			return false
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return err == nil
	})
}

// compare has the control work.
func (h *honest) compare() {
	resp, err := h.http.Get(controlURL)
	if err != nil {
		return // it says nothing of the machine
	}
	resp.Body.Close()
	wall, err := strconv.ParseInt(resp.Header.Get(controlWall), 10, 64)
	if err != nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.works++
	h.worked += time.Duration(wall)
}

// slowdown is how many times longer things take than on a machine of one's own.
func (h *honest) slowdown() float64 {
	if h.works == 0 {
		return 1
	}
	return max(1, float64(h.worked)/float64(h.works)/float64(controlWork))
}
