package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every path that no torrent can be made of is named, and nothing is begun for the others.
func TestAllBadPathsAreNamed(t *testing.T) {
	t.Parallel()
	root := writeTree(t, map[string]string{"good": "content", "none/empty": ""})
	odd := filepath.Join(root, "odd\xff")
	if err := os.WriteFile(odd, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	good, empty, missing := filepath.Join(root, "good"), filepath.Join(root, "none"), filepath.Join(root, "missing")
	cache, out := t.TempDir(), t.TempDir()
	for _, c := range []struct {
		args   []string
		status int
	}{
		{[]string{"publish", "--listen=127.0.0.1:0", "--admin-listen=none", "--peer-listen=none", "--no-dht", "--cache-dir=" + cache}, exitUsage},
		{[]string{"make", "-q", "-o", out}, exitFailed},
	} {
		status, stdout, stderr := result(t, append(c.args, good, empty, missing, odd)...)
		if status != c.status || stdout != "" || strings.Contains(stderr, "btgw serves") || strings.Contains(stderr, good) {
			t.Errorf("%s: status %d, %q, %q", c.args[0], status, stdout, stderr)
		}
		for _, want := range []string{"btgw: " + empty + ": no file with content", missing + ": no such file", "the name is not UTF-8"} {
			if !strings.Contains(stderr, want) {
				t.Errorf("%s does not say %q: %s", c.args[0], want, stderr)
			}
		}
	}
	if made, err := os.ReadDir(out); err != nil || len(made) > 0 {
		t.Errorf("%v, %v", made, err)
	}
}
