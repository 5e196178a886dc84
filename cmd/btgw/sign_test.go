package main

import (
	"bytes"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/btgw/btgw/gateway/access"
)

const signKeys = "main hmac-sha256 MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=\nnginx secure-link correct-horse-battery\n"

// sign runs the command and gives what it prints.
func sign(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(name, []byte(signKeys), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	status = run(t.Context(), append([]string{"sign", "--link-keys", name}, args...), strings.NewReader(""), &out, &errs)
	return status, out.String(), errs.String()
}

// What the command prints holds at a gateway with the same keys.
func TestSign(t *testing.T) {
	const torrent = "/btih/0123456789abcdef0123456789abcdef01234567"
	keys, err := access.ParseKeys(strings.NewReader(signKeys))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  []string
		want  string // a regular expression; its last group is a token, or a query
		names []string
		rate  int64
	}{
		{[]string{"https://example.org" + torrent + "/a.mkv"}, `^https://example\.org/btih/[0-9a-f]{40}/a\.mkv\?(.*)\n$`, []string{"a.mkv"}, 0},
		{[]string{torrent + "/a.mkv?download=1", "--rate", "1MiB"}, `^/btih/[0-9a-f]{40}/a\.mkv\?download=1&(.*)\n$`, []string{"a.mkv"}, 1 << 20},
		{[]string{strings.ToUpper(torrent[6:])}, "", nil, 0},
		{[]string{"http://h/bt" + torrent + "/", "--prefix", "--form", "path"}, `^http://h/bt/s/([^/]*)/btih/[0-9a-f]{40}/\n$`, []string{"x", "y"}, 0},
		{[]string{"https://h" + torrent + "/x/", "--prefix", "--form", "cookie", "--ip", "192.0.2.0/24"},
			`^Set-Cookie: btgw=([^;]*); Path=/btih/[0-9a-f]{40}; HttpOnly; SameSite=Lax; Secure\n$`, []string{"x", "y"}, 0},
		{[]string{torrent + "/a.mkv", "--key", "nginx"}, `^/btih/[0-9a-f]{40}/a\.mkv\?(.*)\n$`, []string{"a.mkv"}, 0},
	} {
		status, stdout, stderr := sign(t, c.args...)
		if c.want == "" {
			if status != exitUsage {
				t.Errorf("%q: status %d, %s", c.args, status, stdout)
			}
			continue
		}
		found := regexp.MustCompile(c.want).FindStringSubmatch(stdout)
		if status != 0 || found == nil {
			t.Errorf("%q: status %d, %q %s", c.args, status, stdout, stderr)
			continue
		}
		p, ok := access.ParseToken(strings.ReplaceAll(found[1], "&", "~"))
		if !ok {
			t.Errorf("%q: %q is no token", c.args, found[1])
		}
		target := access.Target{Torrent: torrent, Names: c.names, Escape: func(out []byte, name string) []byte { return append(out, name...) }}
		g, err := keys.Check(&p, &target, netip.MustParseAddr("192.0.2.1"), time.Now())
		if err != nil || g.Rate != c.rate || time.Until(g.Expires) > 24*time.Hour || time.Until(g.Expires) < 24*time.Hour-time.Minute {
			t.Errorf("%q: %+v, %v", c.args, g, err)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	const path = "/btih/0123456789abcdef0123456789abcdef01234567/a"
	for _, c := range []struct{ args, want string }{
		{"http://h/other", "no /btih/"},
		{"/btih/xyz/a", "an infohash is expected"},
		{path + " --expires=never", "--expires"},
		{path + " --expires=-1h", "--expires"},
		{path + " --ip=home", "neither an address nor a network"},
		{path + " --key=none", "no such key"},
		{path + " --key=nginx --prefix", "signs one path"},
		{path + " --form=qr", "--form"},
		{path + " --rate=fast", "--rate"},
	} {
		status, stdout, stderr := sign(t, strings.Fields(c.args)...)
		if status != exitUsage || stdout != "" || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: status %d, %q, %q", c.args, status, stdout, stderr)
		}
	}
}

// The line that the command prints is of the key that it prints.
func TestKey(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run(t.Context(), []string{"key", "alice"}, strings.NewReader(""), &out, &errs); status != 0 {
		t.Fatalf("status %d: %s", status, &errs)
	}
	key, line, _ := strings.Cut(out.String(), "\n")
	users, err := access.UserParser(bytesOf)(strings.NewReader(strings.TrimSpace(line) + " rate=8MiB"))
	if err != nil {
		t.Fatal(err)
	}
	if user := users.Find("Bearer " + key); user == nil || user.Name != "alice" || user.Rate != 8<<20 {
		t.Errorf("%+v", user)
	}
	if status := run(t.Context(), []string{"key", "a b"}, strings.NewReader(""), &out, &errs); status != exitUsage {
		t.Errorf("status %d", status)
	}
}
