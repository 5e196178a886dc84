package attacks

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

var (
	attackTime = flag.Duration("attacks.time", 8*time.Second, "how long an attack lasts")
	btgwPath   = flag.String("attacks.btgw", "", "a program to attack in place of this tree's btgw")
	reportPath = flag.String("attacks.report", "", "a file to write the table of docs/lab/attacks.md to")
)

// insideEnv has the path of the program in the process that runs in the
// namespace.
const insideEnv = "BTGW_ATTACKS_PROGRAM"

// program is the btgw that all tests run.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	if os.Getenv(controlEnv) != "" {
		os.Exit(control())
	}
	if program = os.Getenv(insideEnv); program == "" {
		os.Exit(outside())
	}
	os.Exit(inside(m))
}

// outside builds btgw, and runs this test program again in a namespace.
func outside() int {
	if *btgwPath != "" {
		return again(*btgwPath)
	}
	dir, err := os.MkdirTemp("", "btgw-attacks-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "btgw")
	// Without the race detector: memory is measured.
	if out, err := exec.Command("go", "build", "-o", path, "github.com/btgw/btgw/cmd/btgw").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return again(path)
}

// again runs this test program in a namespace, where it attacks btgw.
func again(btgw string) int {
	runtime.LockOSThread() // the child is told when this thread ends
	var refusals []error
	for _, flags := range []uintptr{syscall.CLONE_NEWNET, syscall.CLONE_NEWNET | syscall.CLONE_NEWUSER} {
		cmd := inNamespace(flags, btgw)
		if err := cmd.Start(); err != nil {
			refusals = append(refusals, err)
			continue
		}
		var exit *exec.ExitError
		if err := cmd.Wait(); errors.As(err, &exit) {
			return max(exit.ExitCode(), 1)
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	fmt.Fprintf(os.Stderr, "the attacks need a network namespace: run them as root, or where user namespaces are free to all "+
		"(kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns): %v\n", errors.Join(refusals...))
	return 1
}

// inNamespace is this program again, as root of new namespaces.
func inNamespace(flags uintptr, btgw string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], os.Args[1:]...)
	cmd.Env = append(os.Environ(), insideEnv+"="+btgw)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: flags, Pdeathsig: syscall.SIGKILL}
	if flags&syscall.CLONE_NEWUSER != 0 {
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// inside runs the tests.
func inside(m *testing.M) int {
	if err := makeInternet(); err != nil {
		fmt.Fprintln(os.Stderr, "the network of the attacks:", err)
		return 1
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}
