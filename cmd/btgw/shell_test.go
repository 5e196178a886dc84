package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelpCommand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ help, flag string }{{"help", "--help"}, {"help get", "get --help"}, {"help serve", "serve --help"}} {
		status, got, stderr := result(t, strings.Fields(c.help)...)
		_, want, _ := result(t, strings.Fields(c.flag)...)
		if status != exitOK || got != want || got == "" || stderr != "" {
			t.Errorf("btgw %s: status %d, %s, and not what %s prints:\n%s", c.help, status, stderr, c.flag, got)
		}
	}
	if status, _, stderr := result(t, "help", "frobnicate"); status != exitUsage || !strings.Contains(stderr, "frobnicate") {
		t.Errorf("btgw help frobnicate: status %d, %s", status, stderr)
	}
}

func TestVersionFlag(t *testing.T) {
	t.Parallel()
	_, want, _ := result(t, "version")
	if status, got, _ := result(t, "--version"); status != exitOK || got != want || !strings.HasPrefix(got, "btgw ") {
		t.Errorf("btgw --version: status %d, %q, want %q", status, got, want)
	}
}

func TestMan(t *testing.T) {
	t.Parallel()
	status, page, stderr := result(t, "man")
	if status != exitOK || stderr != "" {
		t.Fatalf("btgw man: status %d, %s", status, stderr)
	}
	for _, want := range []string{".TH BTGW 1", "publish", "conformance", "peer-listen"} {
		if !strings.Contains(page, want) {
			t.Errorf("the manual page has no %q", want)
		}
	}
}

// TestCompletion has bash complete words by the code that is printed for it, with the btgw that was built.
func TestCompletion(t *testing.T) {
	for _, c := range []struct{ line, want string }{
		{"btgw ser", "serve"}, {"btgw publ", "publish"}, {"btgw serve --peer-l", "--peer-listen"}, {"btgw completion z", "zsh"},
	} {
		t.Setenv("COMP_LINE", c.line)
		if status, got, stderr := result(t); status != exitOK || strings.TrimSpace(got) != c.want || stderr != "" {
			t.Errorf("%q is completed by %q, status %d, %s, want %q", c.line, got, status, stderr, c.want)
		}
	}
	t.Setenv("COMP_LINE", "")
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if status, got, _ := result(t, "completion", shell); status != exitOK || got != completions[shell] {
			t.Errorf("btgw completion %s: status %d, %q", shell, status, got)
		}
	}
	if status, _, _ := result(t, "completion", "csh"); status != exitUsage {
		t.Errorf("btgw completion csh: status %d, want %d", status, exitUsage)
	}
	script := filepath.Join(t.TempDir(), "btgw")
	write := exec.Command("bash", "-c", completions["bash"]+"complete -p btgw >"+script)
	if out, err := write.CombinedOutput(); err != nil {
		t.Errorf("bash: %v\n%s", err, out)
	}
}
