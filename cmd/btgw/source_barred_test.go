package main

import (
	"strings"
	"testing"
)

// Without --allow-private a tracker of this machine is not asked, and that is said at once: the search ends there where nothing
// else can find the torrent.
func TestBarredHints(t *testing.T) {
	t.Parallel()
	const said = "not asked, since only --allow-private permits addresses of this machine and of private networks: "
	magnet := "magnet:?xt=urn:btih:" + strings.Repeat("ab", 20) + "&tr=http%3A%2F%2F127.0.0.1%3A9%2Fannounce&x.pe=10.1.2.3:6881&ws=http%3A%2F%2Flocalhost%2Fa"
	for _, command := range []string{"get", "ls"} {
		status, _, stderr := result(t, command, "--no-dht", magnet)
		if status != exitUsage || !strings.Contains(stderr, said+"http://127.0.0.1:9/announce, 10.1.2.3:6881, http://localhost/a\n") {
			t.Errorf("%s: status %d, %s", command, status, stderr)
		}
		args := []string{command, "--peer-listen=none", "--dht-bootstrap=127.0.0.1:9", "--timeout=100ms", magnet + "&tr=http%3A%2F%2Ftracker.invalid%2F"}
		status, _, stderr = result(t, args...)
		if status != exitUnavailable || strings.Count(stderr, said) != 1 {
			t.Errorf("%s with a DHT: status %d, %s", command, status, stderr)
		}
	}
	status, _, stderr := result(t, "ls", "--no-dht", "--allow-private", "--peer-listen=none", "--timeout=100ms", magnet)
	if status != exitUnavailable || strings.Contains(stderr, said) {
		t.Errorf("with --allow-private: status %d, %s", status, stderr)
	}
}

func TestAddressOf(t *testing.T) {
	t.Parallel()
	for hint, want := range map[string]string{
		"http://127.0.0.1:44765/announce": "127.0.0.1:44765", "udp://10.0.0.1:6969": "10.0.0.1:6969", "https://[::1]/": "[::1]:80", "localhost:80": "127.0.0.1:80",
		"http://LOCALHOST/a": "127.0.0.1:80", "[fe80::1]:6881": "[fe80::1]:6881", "192.168.1.2:1": "192.168.1.2:1",
		"http://tracker.example/announce": "", "peer.example:6881": "", "": "", "::": "[::]:80", "http://%zz/": "",
	} {
		addr, ok := addressOf(hint)
		if ok != (want != "") || ok && addr.String() != want {
			t.Errorf("%q: %s, %t", hint, addr, ok)
		}
	}
}
