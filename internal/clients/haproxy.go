package clients

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// StartHAProxy starts HAProxy with a configuration that has it listen on addr, until the test ends.
func StartHAProxy(tb testing.TB, config, addr string) {
	tb.Helper()
	home := tb.TempDir()
	file := filepath.Join(home, "haproxy.cfg")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		tb.Fatal(err)
	}
	h := newProcess(tb, haproxyProgram, home, "-db", "-f", file)
	h.start()
	for deadline := time.Now().Add(readyTimeout); ; time.Sleep(pollInterval) {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
			return
		}
		if time.Now().After(deadline) {
			tb.Fatalf("HAProxy (Debian package %s) does not listen: %v", h.name, err)
		}
	}
}
