package main

import (
	"strings"
	"syscall"
	"testing"
)

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, want string }{
		{"--help", "Serve torrents over HTTP"},
		{"serve --help", "--listen=ADDR"},
		{"get --help", "3 the torrent has no such path"},
		{"inspect --help", "--json"},
		{"make --help", "--piece-length"},
		{"verify --help", "1 something differs"},
		{"demo --help", "--once"},
		{"health --help", "--admin-listen"},
	} {
		status, stdout, stderr := result(t, strings.Fields(tt.args)...)
		if status != exitOK || !strings.Contains(stdout, tt.want) || stderr != "" {
			t.Errorf("btgw %s: status %d, %q is not in\n%s%s", tt.args, status, tt.want, stdout, stderr)
		}
	}
}

func TestUsageErrors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{"frobnicate"}, "btgw: unexpected argument frobnicate\n      see `btgw --help`\n"},
		{[]string{"--frobnicate"}, "btgw: unknown flag --frobnicate\n      see `btgw serve --help`\n"},
		{[]string{"get"}, "btgw: expected \"<source>\"\n      see `btgw get --help`\n"},
		{[]string{"serve", "--memory=12", "--listen=here"},
			"btgw: --listen: \"here\" is not an address: write host:port, as 127.0.0.1:8080 or :8080\n" +
				"      --memory: 12B is not between 64MiB and 1TiB\n"},
		{[]string{"get", "--timeout=never", "0123456789012345678901234567890123456789"},
			"btgw: --timeout: \"never\" is not a time above zero: write 30s or 5m\n"},
		{[]string{"demo", "--listen=:80", "--seeders=0"},
			"btgw: --listen: the demo stays on loopback\n      --seeders: 0 is not between 1 and 32\n"},
	} {
		status, stdout, stderr := result(t, tt.args...)
		if status != exitUsage || stdout != "" || stderr != tt.want {
			t.Errorf("btgw %q: status %d, printed %q and\n%q, want\n%q", tt.args, status, stdout, stderr, tt.want)
		}
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if status, stdout, _ := result(t, "version"); status != exitOK || !strings.HasPrefix(stdout, "btgw ") {
		t.Errorf("status %d, %q", status, stdout)
	}
}

func TestDemoOnce(t *testing.T) {
	t.Parallel()
	status, stdout, stderr := result(t, "demo", "--once", "--size=16MiB")
	if status != exitOK || !strings.Contains(stdout, "every byte was right") || strings.Contains(stdout, "FAILED") {
		t.Errorf("status %d\n%s%s", status, stdout, stderr)
	}
	if stderr != "" {
		t.Errorf("it complained: %s", stderr)
	}
}

func TestDemoEndsOnASignal(t *testing.T) {
	t.Parallel()
	p := start(t, "demo", "--size=1MiB", "--seeders=1")
	for p.line() != "Ctrl-C ends it." {
	}
	p.signal(syscall.SIGINT)
	if status := p.status(); status != exitOK || p.stderr.String() != "" {
		t.Errorf("status %d: %s", status, p.stderr.String())
	}
}

func TestReachable(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":80": "127.0.0.1:80", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80", "[::1]:80": "[::1]:80", "192.0.2.1:80": "192.0.2.1:80",
	} {
		if got := reachable(listen); got != want {
			t.Errorf("%s: %s, not %s", listen, got, want)
		}
	}
}
