package wayout

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// Which part of the tests a process is: none of these variables is set in the first one, which builds btgw.
const (
	insideEnv = "BTGW_WAYOUT_PROGRAM" // the tests, and the path of btgw
	swarmEnv  = "BTGW_WAYOUT_SWARM"   // the other namespace, and its folder
)

var (
	program string // btgw
	content string // of the swarm: path and infohash, as btgw's URLs have them
)

func TestMain(m *testing.M) {
	program = os.Getenv(insideEnv)
	var err error
	code := 1
	switch {
	case os.Getenv(swarmEnv) != "":
		code, err = 0, swarm(os.Getenv(swarmEnv))
	case program == "":
		code, err = outside()
	default:
		code, err = inside(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// outside builds btgw, and runs this program again in a namespace.
func outside() (int, error) {
	dir, err := os.MkdirTemp("", "btgw-wayout-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "btgw")
	if out, err := exec.Command("go", "build", "-o", path, "github.com/btgw/btgw/cmd/btgw").CombinedOutput(); err != nil {
		return 1, fmt.Errorf("go build: %w: %s", err, out)
	}
	var refused []error
	for _, flags := range []uintptr{0, syscall.CLONE_NEWUSER} {
		cmd := again(flags, insideEnv+"="+path)
		cmd.Args = os.Args
		cmd.Stdin, cmd.Stdout = os.Stdin, os.Stdout
		if err := cmd.Start(); err != nil {
			refused = append(refused, err)
			continue
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); errors.As(err, &exit) {
			return max(exit.ExitCode(), 1), nil
		} else if err != nil {
			return 1, err
		}
		return 0, nil
	}
	return 1, fmt.Errorf("a network namespace is needed: run the tests as root, or where user namespaces are free to all: %w", errors.Join(refused...))
}

// again is this program in a new network namespace.
func again(flags uintptr, env string) *exec.Cmd {
	runtime.LockOSThread() // the child is told when this thread ends
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), env)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags | syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if flags != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// inside makes the two ways out, and the swarm at the end of one, and runs the tests.
func inside(m *testing.M) (code int, err error) {
	dir, err := os.MkdirTemp("", "btgw-wayout-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	far := again(0, swarmEnv+"="+dir)
	orders, err := far.StdinPipe()
	if err != nil {
		return 1, err
	}
	reports, err := far.StdoutPipe()
	if err != nil {
		return 1, err
	}
	if err := far.Start(); err != nil {
		return 1, err
	}
	defer func() { orders.Close(); err = errors.Join(err, far.Wait()) }()
	if err := makeNetwork(far.Process.Pid); err != nil {
		return 1, err
	}
	if _, err := io.WriteString(orders, "go\n"); err != nil {
		return 1, err
	}
	content, err = bufio.NewReader(reports).ReadString('\n')
	if content = strings.TrimSpace(content); err != nil {
		return 1, fmt.Errorf("the swarm did not begin: %w", err)
	}
	code = m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		return 1, err
	}
	return code, nil
}
