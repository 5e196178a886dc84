package main

import (
	"os/exec"
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
	if status, _, stderr := result(t, "help", "cache", "frobnicate"); status != exitUsage || !strings.Contains(stderr, "`btgw cache --help`") {
		t.Errorf("btgw help cache frobnicate: status %d, %s", status, stderr)
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

// TestCompletion has words completed as the code does that is printed for a shell.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ words, want string }{
		{"ser", "serve"}, {"publ", "publish"}, {"serve --peer-l", "--peer-listen"}, {"--peer-l", "--peer-listen"}, {"cache pi", "pin"}, {"completion z", "zsh"}, {"help cache pi", "pin"},
	} {
		status, got, stderr := result(t, append([]string{"__completeNoDesc"}, strings.Fields(c.words)...)...)
		if first, _, _ := strings.Cut(got, "\n"); status != exitOK || first != c.want || stderr != "" {
			t.Errorf("%q is completed by %q, status %d, %s, want %q", c.words, got, status, stderr, c.want)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish"} {
		if status, got, _ := result(t, "completion", shell); status != exitOK || !strings.Contains(got, "__complete") {
			t.Errorf("btgw completion %s: status %d, %q", shell, status, got)
		}
	}
	if status, _, _ := result(t, "completion", "csh"); status != exitUsage {
		t.Errorf("btgw completion csh: status %d, want %d", status, exitUsage)
	}
	_, code, _ := result(t, "completion", "bash")
	bash := exec.Command("bash", "-c", code+"\ncomplete -p btgw")
	if out, err := bash.CombinedOutput(); err != nil || !strings.Contains(string(out), "__start_btgw") {
		t.Errorf("bash: %v\n%s", err, out)
	}
}
