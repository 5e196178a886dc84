package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/btgw/btgw/peer/sibling"
)

func TestSiblingFlags(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("what the fleet knows\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := "--sibling-secret-file=" + secret
	for _, tt := range []struct {
		name string
		args []string
		want string // of the error; "" for none
	}{
		{"none", nil, ""},
		{"a name", []string{"--siblings=btgw.svc:42069", with}, ""},
		{"several, one a service", []string{"--siblings=a:1,_btgw._tcp.example.org", "--siblings=b:2", with}, ""},
		{"no secret", []string{"--siblings=btgw.svc:42069"}, "--siblings: --sibling-secret-file is missing"},
		{"no siblings", []string{with}, "--siblings is missing"},
		{"no port", []string{"--siblings=btgw.svc", with}, "neither host:port nor"},
		{"no file", []string{"--siblings=a:1", "--sibling-secret-file=/nowhere"}, "--sibling-secret-file: "},
		{"a short secret", []string{"--siblings=a:1", "--sibling-secret-file=" + short}, "a secret of 5 bytes"},
		{"a proxy", []string{"--siblings=a:1", with, "--proxy=socks5://127.0.0.1:1080"}, "siblings are inside"},
	} {
		s, err := serveSettings(t, append([]string{"serve"}, tt.args...)...)
		switch {
		case tt.want == "" && err != nil, tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: %v", tt.name, err)
		case tt.want == "" && (s.engine.siblings == nil) != (tt.args == nil):
			t.Errorf("%s: %+v", tt.name, s.engine.siblings)
		}
	}
}

// A gateway keeps its place on the ring.
func TestKeptNode(t *testing.T) {
	path := filepath.Join(t.TempDir(), siblingStateName)
	log := slog.New(slog.DiscardHandler)
	first := keptNode(path, log)
	if first == (sibling.Node{}) || keptNode(path, log) != first {
		t.Error("the name is another one after a restart")
	}
	if other := keptNode("", log); other == keptNode("", log) {
		t.Error("two gateways that keep nothing have the same name")
	}
}
