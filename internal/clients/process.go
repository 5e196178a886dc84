package clients

import (
	"errors"
	"io/fs"
	"os/exec"
	"sync"
	"syscall"
	"testing"
)

// program is a program of a Debian package.
type program struct{ path, pkg string }

var (
	pythonProgram       = program{"/usr/bin/python3", "python3-libtorrent"}
	transmissionProgram = program{"transmission-daemon", "transmission-daemon"}
	aria2Program        = program{"aria2c", "aria2"}
	qBittorrentProgram  = program{"qbittorrent-nox", "qbittorrent-nox"}
	rTorrentProgram     = program{"rtorrent", "rtorrent"}
	opentrackerProgram  = program{"opentracker", "opentracker"}
	nginxProgram        = program{"/usr/sbin/nginx", "nginx-light"}
	haproxyProgram      = program{"/usr/sbin/haproxy", "haproxy"}
	versityProgram      = program{"versitygw", "(see scripts/install-test-clients)"}
)

// process is a program that runs, in a process group of its own.
type process struct {
	tb     testing.TB
	name   string
	cmd    *exec.Cmd
	output tail
	ended  chan struct{} // closed once the program has ended and was waited for
	err    error         // how it ended; to be read after ended
}

// newProcess prepares a program to run in dir. Its output and its errors are
// kept, except where the caller sets cmd.Stdout before start.
func newProcess(tb testing.TB, p program, dir string, args ...string) *process {
	tb.Helper()
	path, err := exec.LookPath(p.path)
	if err != nil {
		tb.Fatalf("%s is missing: install the Debian package %s", p.path, p.pkg)
	}
	pr := &process{tb: tb, name: p.pkg, cmd: exec.Command(path, args...), ended: make(chan struct{})}
	pr.cmd.Dir = dir
	pr.cmd.Stdout, pr.cmd.Stderr = &pr.output, &pr.output
	pr.cmd.WaitDelay = pipeWait
	pr.cmd.SysProcAttr = GroupOfItsOwn()
	return pr
}

// start runs the program until the end of the test, or kill.
func (p *process) start() {
	p.tb.Helper()
	if err := p.cmd.Start(); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			p.tb.Fatalf("%s: install the Debian package %s", err, p.name)
		}
		p.tb.Fatalf("%s: %v", p.name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	p.tb.Cleanup(func() {
		p.kill()
		if text := p.output.String(); p.tb.Failed() && text != "" {
			p.tb.Logf("%s (%s):\n%s", p.name, p.cmd.Path, text)
		}
	})
}

// kill ends the program and all that it started at once, and waits for it.
func (p *process) kill() {
	select {
	case <-p.ended: // its number may be another's by now
	default:
		SignalGroup(p.cmd.Process, syscall.SIGKILL)
		<-p.ended
	}
}

// tail is an io.Writer that keeps the last maxOutput bytes.
type tail struct {
	mu  sync.Mutex
	b   []byte
	cut bool
}

// Write keeps p. It never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if extra := len(t.b) - maxOutput; extra > 0 {
		t.b = append(t.b[:0], t.b[extra:]...)
		t.cut = true
	}
	return len(p), nil
}

// String gives what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.cut {
		return "…" + string(t.b)
	}
	return string(t.b)
}
