package e2e

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
)

// parallelTests is how many tests run at once unless -parallel says otherwise.
// Many of them wait for the clock of somebody (25 s for a 504, 10 s for
// Transmission's next tick) and need no processor meanwhile.
const parallelTests = "8"

// program is the btgw that all tests run. TestMain sets it.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	chosen := false
	flag.Visit(func(f *flag.Flag) { chosen = chosen || f.Name == "test.parallel" })
	if !chosen {
		_ = flag.Set("test.parallel", parallelTests)
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "btgw-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "btgw")
	if err := build(program); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// build makes the program of this tree.
func build(path string) error {
	args := []string{"build", "-o", path}
	if os.Getenv("BTGW_E2E_RACE") != "0" {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "github.com/btgw/btgw/cmd/btgw")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}
